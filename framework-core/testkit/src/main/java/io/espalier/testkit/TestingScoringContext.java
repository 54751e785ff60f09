package io.espalier.testkit;

import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A scoring context over an empty graph. Thread-safe.
 *
 * @param run cancellation and random numbers
 * @param options validated options of the criterion
 * @param collected what stands in for evidence, by kind
 */
public record TestingScoringContext(TestingRunContext run, Options options, Map<Evidence<?>, Object> collected)
        implements ScoringContext {

    /** A context without evidence. */
    public TestingScoringContext(TestingRunContext run, Options options) {
        this(run, options, Map.of());
    }

    @Override
    public Graph graph() {
        return new Graph("testing", Map.of(), List.of(), List.of(), Map.of(), Map.of());
    }

    @Override
    public List<ChannelGroup> groups() {
        return List.of();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T evidence(Evidence<T> kind) {
        if (!collected.containsKey(kind)) {
            throw new IllegalArgumentException("the test has no evidence '" + kind + "'");
        }
        return (T) collected.get(kind);
    }

    @Override
    public void checkCancelled() {
        run.checkCancelled();
    }

    @Override
    public void progress(String what, long done, long total) {
        run.progress(what, done, total);
    }

    @Override
    public RandomGenerator random(String provider, String subject) {
        return run.random(provider, subject);
    }
}
