package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.run.Interpreters;

/** Processes that all models of the tests are run in, because a new one for each model takes most of the time. */
final class SharedInterpreters extends Interpreters {

    private static final SharedInterpreters ALL = new SharedInterpreters();

    private SharedInterpreters() {}

    /** An adapter whose models share them. */
    static TfliteAdapter adapter() {
        return new TfliteAdapter(() -> ALL);
    }

    /** They end with the tests. */
    @Override
    public void close() {}
}
