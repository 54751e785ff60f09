package io.espalier.adapter.dl4j;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Removes channels of a network that a test chooses, and proves it. */
final class TestingCut implements AutoCloseable {

    private final Model model;
    private final Shapes shapes;
    private final Coupling coupling;

    TestingCut(Path file) {
        this.model = new Dl4jAdapter().open(file);
        this.shapes = Operators.standard().infer(model.graph());
        this.coupling = CouplingAnalysis.analyse(model.graph(), shapes, Operators.standard());
    }

    List<Group> groups() {
        return Groups.of(coupling, each -> each);
    }

    Verification prove(List<CoupledChannel> channels, Path target) {
        Removal removal = Removal.of(channels);
        model.write(
                target, Surgery.prune(model.graph(), shapes, coupling, removal).edits(), Map.of());
        try (Model pruned = new Dl4jAdapter().open(target)) {
            return Verifier.verify(
                    model, coupling, shapes, removal, pruned, new OnnxExecutor(), VerificationOptions.DEFAULT);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
