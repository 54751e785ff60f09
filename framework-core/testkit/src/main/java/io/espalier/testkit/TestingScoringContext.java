package io.espalier.testkit;

import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A scoring context over a graph without nodes, whose constants are the parameters of the groups. Thread-safe.
 *
 * @param run cancellation and random numbers
 * @param options validated options of the criterion
 * @param channelGroups the groups of coupled channels
 * @param collected what stands in for evidence, by kind
 */
public record TestingScoringContext(
        TestingRunContext run,
        Options options,
        List<TestingChannelGroup> channelGroups,
        Map<Evidence<?>, Object> collected)
        implements ScoringContext {

    public TestingScoringContext {
        channelGroups = List.copyOf(channelGroups);
        collected = Map.copyOf(collected);
    }

    /** A context without groups and evidence. */
    public TestingScoringContext(TestingRunContext run, Options options) {
        this(run, options, List.of(), Map.of());
    }

    @Override
    public Graph graph() {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (TestingChannelGroup group : channelGroups) {
            group.parameters().forEach(axis -> constants.put(axis.parameter(), axis.tensor()));
        }
        return new Graph("testing", Map.of(), List.of(), List.of(), constants, Map.of());
    }

    @Override
    public List<ChannelGroup> groups() {
        return List.copyOf(channelGroups);
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
