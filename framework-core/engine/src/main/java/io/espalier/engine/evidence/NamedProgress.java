package io.espalier.engine.evidence;

import io.espalier.spi.RunContext;
import java.util.random.RandomGenerator;

/**
 * A context under which work has another name.
 *
 * @param run the context
 * @param name what progress is reported as
 */
record NamedProgress(RunContext run, String name) implements RunContext {

    @Override
    public void checkCancelled() {
        run.checkCancelled();
    }

    @Override
    public void progress(String what, long done, long total) {
        run.progress(name, done, total);
    }

    @Override
    public RandomGenerator random(String provider, String subject) {
        return run.random(provider, subject);
    }
}
