package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.api.Espalier;
import io.espalier.api.PluginBrokenException;
import io.espalier.api.PruneRequest;
import io.espalier.dist.Launcher.Result;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.data.DatasetReader;
import io.espalier.testkit.PluginJarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder of plug-ins that break their contracts: each is named with what it did, and nothing is written. */
class MisbehavingPluginsTest {

    private static final String SCORE = "public double[] score(ParameterAxis axis, ScoringContext context)";

    @TempDir
    private static Path folder;

    private static Espalier espalier;

    @BeforeAll
    static void buildFolder() throws IOException {
        criterion("null-scores", "return null;");
        criterion("few-scores", "return new double[1];");
        criterion(
                "nan-scores", "double[] s = new double[axis.size()]; java.util.Arrays.fill(s, Double.NaN); return s;");
        criterion("deep-scores", "return score(axis, context);");
        criterion("throws", "throw new IllegalStateException(\"on purpose\");");
        allocator("loses-groups", "return new SparsityAllocation.Pools(List.of());");
        allocator(
                "repeats-groups",
                "return new SparsityAllocation.Pools(List.of(new SparsityAllocation.RankingPool(List.of(0, 0))));");
        allocator("few-rates", "return new SparsityAllocation.Rates(List.of(0.5));");
        compensator("unknown-constant", "return List.of(new Edit.SetConstant(\"none\", Tensors.vector(1)));");
        compensator(
                "other-shape",
                "String name = context.pruned().constants().keySet().iterator().next();"
                        + " return List.of(new Edit.SetConstant(name, Tensors.vector(1)));");
        plugin("unequal-counts", "DatasetReader", DatasetReader.class, """
                public boolean recognises(java.nio.file.Path file, byte[] head) { return head[0] == 'U'; }
                public Dataset open(java.nio.file.Path file, Options options, RunContext context) {
                    return new Dataset() {
                        public long size() { return 3; }
                        public java.util.Map<String, Tensor> arrays() {
                            return java.util.Map.of("input", Tensors.floats(List.of(2L), 1, 2));
                        }
                    };
                }""");
        plugin("broken-graph", "FrameworkAdapter", FrameworkAdapter.class, """
                public boolean recognises(java.nio.file.Path file, byte[] head) { return head.length > 0 && head[0] == 'B'; }
                public Model open(java.nio.file.Path file, AdapterContext context) {
                    Graph graph = new Graph("g", java.util.Map.of(), List.of("y"), List.of(), java.util.Map.of(),
                            java.util.Map.of());
                    return (Model) java.lang.reflect.Proxy.newProxyInstance(Model.class.getClassLoader(),
                            new Class<?>[] {Model.class},
                            (proxy, method, arguments) -> method.getName().equals("graph") ? graph : null);
                }""");
        Files.writeString(folder.resolve("odd.data"), "U");
        Files.writeString(folder.resolve("odd.model"), "B");
        espalier = Espalier.builder()
                .withoutClassPath()
                .plugins(Launcher.home().resolve("plugins"))
                .plugins(folder)
                .build();
    }

    @AfterAll
    static void close() {
        espalier.close();
    }

    private static void criterion(String name, String body) {
        plugin(name, "SliceCriterion", ImportanceCriterion.class, SCORE + " { " + body + " }");
    }

    private static void allocator(String name, String body) {
        plugin(
                name,
                "SparsityAllocator",
                SparsityAllocator.class,
                "public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) { "
                        + body + " }");
    }

    private static void compensator(String name, String body) {
        plugin(
                name,
                "WeightCompensator",
                WeightCompensator.class,
                "public List<Edit> compensate(CompensationContext context) { " + body + " }");
    }

    private static void plugin(String name, String type, Class<?> point, String members) {
        PluginJarBuilder.plugin("plugin-" + name)
                .source("odd.Odd", """
                        package odd;
                        import io.espalier.spi.RunContext;
                        import io.espalier.spi.adapter.*;
                        import io.espalier.spi.allocator.*;
                        import io.espalier.spi.compensator.*;
                        import io.espalier.spi.criterion.*;
                        import io.espalier.spi.data.*;
                        import io.espalier.spi.graph.*;
                        import io.espalier.spi.option.Options;
                        import io.espalier.spi.tensor.*;
                        import java.util.List;
                        public final class Odd implements %s {
                            public String name() { return "%s"; }
                            public String description() { return "Misbehaves."; }
                            %s
                        }
                        """.formatted(type, name, members))
                .service(point, "odd.Odd")
                .build(folder.resolve(name + ".jar"));
    }

    static Stream<Arguments> plugins() {
        Path npz = Launcher.example("fashion-mnist-calibration.npz");
        return Stream.of(
                brokenCriterion("null-scores", "score returned null"),
                brokenCriterion("few-scores", "it returned 1 scores for the"),
                brokenCriterion("nan-scores", "as NaN"),
                brokenCriterion("deep-scores", "StackOverflowError"),
                brokenAllocator("loses-groups", "it left out"),
                brokenAllocator("repeats-groups", "twice"),
                brokenAllocator("few-rates", "it returned 1 rates"),
                broken(
                        "unknown-constant",
                        each -> each.repair("unknown-constant", npz),
                        "which is no constant of the graph"),
                broken("other-shape", each -> each.repair("other-shape", npz), "it set '"),
                broken("unequal-counts", each -> each.data(folder.resolve("odd.data")), "as 3 examples"));
    }

    private static Arguments broken(String name, UnaryOperator<PruneRequest> request, String did) {
        return Arguments.of(name, request, did);
    }

    private static Arguments brokenCriterion(String name, String did) {
        return broken(name, each -> each.criterion(name), did);
    }

    private static Arguments brokenAllocator(String name, String did) {
        return broken(name, each -> each.allocator(name), did);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plugins")
    @DisplayName("A plug-in that breaks its contract is named, and nothing is written")
    void isNamed(String name, UnaryOperator<PruneRequest> broken, String did) {
        Path output = folder.resolve(name + ".out.onnx");
        PruneRequest request = broken.apply(espalier.prune(Launcher.example("fashion-resnet20.onnx"))
                .target("macs=80%")
                .withoutLatency());

        assertThatThrownBy(() -> request.to(output))
                .isInstanceOf(PluginBrokenException.class)
                .hasMessageContainingAll(breaks(name), did);
        assertThat(output).doesNotExist();
    }

    private static String breaks(String name) {
        return "'" + name + "' of the plug-in 'plugin-" + name + "' breaks its contract: ";
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                Arguments.of(
                        "throws",
                        Launcher.example("fashion-resnet20.onnx"),
                        List.of("--criterion", "throws"),
                        "on purpose"),
                Arguments.of(
                        "broken-graph", folder.resolve("odd.model"), List.of(), "which nothing before it computes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    @DisplayName("The command line ends with exit code 4 and one sentence")
    void endsWithCodeFour(String name, Path model, List<String> options, String did) {
        Path output = folder.resolve(name + ".out" + (name.equals("broken-graph") ? ".model" : ".onnx"));
        List<Object> arguments = new ArrayList<>(List.of("prune", model, "--target", "macs=80%", "--no-latency"));
        arguments.addAll(options);
        arguments.addAll(List.of("-o", output, "--plugins", folder));

        Result result = new Launcher(folder).run(arguments.toArray());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(4);
        assertThat(result.err()).contains(breaks(name), did).doesNotContain("this should not have happened", "\tat ");
        assertThat(output).doesNotExist();
    }
}
