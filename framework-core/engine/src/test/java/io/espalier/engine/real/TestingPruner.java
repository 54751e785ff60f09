package io.espalier.engine.real;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.Scorer;
import io.espalier.engine.score.SliceScores;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingRunContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** An open model with what the engine found in it: the steps of a run, one by one. */
final class TestingPruner implements AutoCloseable {

    final Model model;
    final Shapes shapes;
    final Coupling coupling;

    private TestingPruner(Model model) {
        this.model = model;
        this.shapes = Operators.standard().infer(model.graph());
        this.coupling = CouplingAnalysis.analyse(model.graph(), shapes, Operators.standard());
    }

    static TestingPruner open(Path file) {
        return new TestingPruner(
                new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard())));
    }

    Graph graph() {
        return model.graph();
    }

    /** Groups whose columns are paired as the graph orders them. */
    List<Group> groups() {
        return Groups.of(coupling, each -> each);
    }

    SliceScores scores(ImportanceCriterion criterion) {
        return new Scorer(criterion, Options.none(), 1, new TestingRunContext(0)).score(graph(), coupling);
    }

    /** Removes the channels of a group with the lowest sums. */
    Removal lowest(double share, ImportanceCriterion criterion) {
        SliceScores scores = scores(criterion);
        List<Group> groups = Groups.of(coupling, each -> scores.ofClass(each, Aggregation.SUM));
        List<CoupledChannel> gone = new ArrayList<>();
        for (Group group : groups) {
            double[] each = scores.ofChannels(group, Aggregation.SUM);
            IntStream.range(0, each.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(channel -> each[channel]))
                    .limit((long) (share * each.length))
                    .forEach(channel -> gone.add(group.channels().get(channel)));
        }
        return Removal.of(gone);
    }

    /** Removes channels of a group that a seed chooses. */
    Removal random(double share, long seed) {
        Random random = new Random(seed);
        List<CoupledChannel> gone = new ArrayList<>();
        for (Group group : groups()) {
            List<CoupledChannel> shuffled = new ArrayList<>(group.channels());
            Collections.shuffle(shuffled, random);
            gone.addAll(shuffled.subList(0, (int) (share * shuffled.size())));
        }
        return Removal.of(gone);
    }

    List<Edit> edits(Removal removal) {
        return Surgery.prune(graph(), shapes, coupling, removal).edits();
    }

    void write(Removal removal, Path target) {
        model.write(target, edits(removal), Map.of());
    }

    Verification verify(Removal removal, Path pruned) {
        try (Model reopened =
                new OnnxAdapter().open(pruned, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
            return Verifier.verify(
                    model, coupling, shapes, removal, reopened, new OnnxExecutor(), VerificationOptions.DEFAULT);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
