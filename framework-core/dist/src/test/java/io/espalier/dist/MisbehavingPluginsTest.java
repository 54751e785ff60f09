package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
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
        String npz = Launcher.example("fashion-mnist-calibration.npz").toString();
        return Stream.of(
                Arguments.of("null-scores", List.of("--criterion", "null-scores"), "score returned null"),
                Arguments.of("few-scores", List.of("--criterion", "few-scores"), "it returned 1 scores for the"),
                Arguments.of("nan-scores", List.of("--criterion", "nan-scores"), "as NaN"),
                Arguments.of("deep-scores", List.of("--criterion", "deep-scores"), "StackOverflowError"),
                Arguments.of("throws", List.of("--criterion", "throws"), "on purpose"),
                Arguments.of("loses-groups", List.of("--allocator", "loses-groups"), "it left out"),
                Arguments.of("repeats-groups", List.of("--allocator", "repeats-groups"), "twice"),
                Arguments.of("few-rates", List.of("--allocator", "few-rates"), "it returned 1 rates"),
                Arguments.of(
                        "unknown-constant",
                        List.of("--repair", "unknown-constant", "--calibration", npz),
                        "which is no constant of the graph"),
                Arguments.of("other-shape", List.of("--repair", "other-shape", "--calibration", npz), "it set '"),
                Arguments.of("unequal-counts", List.of("--data", folder.resolve("odd.data")), "as 3 examples"),
                Arguments.of("broken-graph", List.of(folder.resolve("odd.model")), "which nothing before it computes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plugins")
    @DisplayName("A plug-in that breaks its contract is named, with exit code 4 and in one sentence")
    void isNamed(String name, List<?> options, String did) {
        List<Object> arguments = new ArrayList<>(List.of("prune"));
        boolean model = name.equals("broken-graph");
        Path output = folder.resolve(name + (model ? ".out.model" : ".out.onnx"));
        arguments.addAll(
                model
                        ? List.of()
                        : List.of(Launcher.example("fashion-resnet20.onnx").toString()));
        arguments.addAll(options);
        arguments.addAll(List.of("--target", "macs=80%", "--no-latency", "-o", output, "--plugins", folder));

        Result result = new Launcher(folder).run(arguments.toArray());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(4);
        assertThat(result.err())
                .contains("'" + name + "' of the plug-in 'plugin-" + name + "' breaks its contract: ", did)
                .doesNotContain("this should not have happened", "\tat ");
        assertThat(output).doesNotExist();
    }
}
