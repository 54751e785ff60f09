package io.espalier.engine.score;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What a criterion may look at. Thread-safe. */
final class EngineScoringContext implements ScoringContext {

    private final Graph graph;
    private final Options options;
    private final CollectedEvidence evidence;
    private final RunContext run;
    private final Supplier<List<ClassGroup>> source;
    private List<ClassGroup> groups;

    EngineScoringContext(
            Graph graph,
            Options options,
            CollectedEvidence evidence,
            RunContext run,
            Supplier<List<ClassGroup>> source) {
        this.graph = graph;
        this.options = options;
        this.evidence = evidence;
        this.run = run;
        this.source = source;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public List<ChannelGroup> groups() {
        return List.copyOf(classGroups());
    }

    synchronized List<ClassGroup> classGroups() {
        if (groups == null) {
            groups = source.get();
        }
        return groups;
    }

    @Override
    public <T> T evidence(Evidence<T> kind) {
        return evidence.get(kind);
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
