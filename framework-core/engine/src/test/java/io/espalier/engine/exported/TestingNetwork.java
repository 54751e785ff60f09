package io.espalier.engine.exported;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.open.CompleteModel;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * An exported network, open and analysed.
 *
 * @param name the network and its exporter
 * @param model the open file
 * @param analysis its shapes and coupling
 */
record TestingNetwork(String name, Model model, Analysis analysis) implements AutoCloseable {

    /** All exported networks in alphabetical order. */
    static Stream<Path> files() {
        return files("/exported");
    }

    /** All networks of a folder in alphabetical order. */
    static Stream<Path> files(String folder) {
        try (Stream<Path> files =
                Files.list(Path.of(TestingNetwork.class.getResource(folder).toURI()))) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The name of the file without its ending: the network, a full stop, the exporter. */
    static String nameOf(Path file) {
        return file.getFileName().toString().replace(".onnx", "");
    }

    static TestingNetwork open(Path file) {
        Model model = openModel(file);
        return new TestingNetwork(nameOf(file), model, Analysis.of(model.graph()));
    }

    private static Model openModel(Path file) {
        return CompleteModel.of(
                new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard())),
                Operators.standard(),
                Budget.DEFAULT);
    }

    Graph graph() {
        return model.graph();
    }

    /** Groups whose columns are paired as the graph orders them. */
    List<Group> groups() {
        return Groups.of(analysis.coupling(), each -> each);
    }

    /** A share of the channels of every group, chosen by a seed. */
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

    /** Cuts and writes. */
    Path write(Removal removal, Path target) {
        model.write(
                target,
                Surgery.prune(graph(), analysis.shapes(), analysis.coupling(), removal)
                        .edits(),
                Map.of());
        return target;
    }

    /** Cuts, writes, opens again and verifies. */
    Verification prune(Removal removal, Path target) {
        try (Model pruned = openModel(write(removal, target))) {
            return Verifier.verify(
                    model,
                    analysis.coupling(),
                    analysis.shapes(),
                    removal,
                    pruned,
                    new OnnxExecutor(),
                    VerificationOptions.DEFAULT);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
