package io.espalier.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.VisionTransformers.Size;
import io.espalier.testkit.model.VisionTransformers.Unpack;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class NetworksTest {

    private static final int RUNNING_MEAN = 3;
    private static final int RUNNING_VARIANCE = 4;

    @TestFactory
    Stream<DynamicTest> parametersAreAsPublished() {
        Map<Graph, Long> published = new LinkedHashMap<>();
        published.put(ResidualNetworks.resnet18(1, Scale.FULL), 11_689_512L);
        published.put(ResidualNetworks.resnet50(1, Scale.FULL), 25_557_032L);
        published.put(ResidualNetworks.resnext50(1, Scale.FULL), 25_028_904L);
        published.put(ClassicNetworks.vgg11(1, Scale.FULL), 132_863_336L);
        published.put(ClassicNetworks.vgg16(1, Scale.FULL), 138_357_544L);
        published.put(ClassicNetworks.densenet121(1, Scale.FULL), 7_978_856L);
        published.put(ClassicNetworks.densenet161(1, Scale.FULL), 28_681_000L);
        published.put(MobileNetworks.mobilenetV2(1, Scale.FULL), 3_504_872L);
        published.put(MobileNetworks.shufflenetV2(1, Scale.FULL), 2_278_604L);
        published.put(VisionTransformers.vit(1, Size.BASE_16, Unpack.GATHER), 86_567_656L);
        return published.entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey().name(),
                        () -> assertThat(parameters(entry.getKey())).isEqualTo(entry.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> smallNetworksAreWellFormed() {
        return Networks.small().entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey(), () -> WellFormed.check(entry.getValue().apply(1))));
    }

    @Test
    void sameSeedGivesSameWeights() {
        Map<String, Tensor> first = ResidualNetworks.resnet18(7, Scale.SMALL).constants();
        Map<String, Tensor> second = ResidualNetworks.resnet18(7, Scale.SMALL).constants();
        Map<String, Tensor> other = ResidualNetworks.resnet18(8, Scale.SMALL).constants();
        assertThat(first.keySet()).isEqualTo(second.keySet());
        first.forEach(
                (name, tensor) -> assertThat(Tensors.toBytes(tensor)).isEqualTo(Tensors.toBytes(second.get(name))));
        assertThat(Tensors.toBytes(first.get("conv1.weight"))).isNotEqualTo(Tensors.toBytes(other.get("conv1.weight")));
    }

    @Test
    void seededTensorsReadTheSameInBlocks() {
        Tensor tensor = ResidualNetworks.resnet18(3, Scale.SMALL).constants().get("fc.weight");
        float[] whole = Tensors.toFloats(tensor);
        ByteBuffer block = ByteBuffer.allocate(12);
        tensor.read(5, block);
        block.flip().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new float[] {block.getFloat(), block.getFloat(), block.getFloat()})
                .containsExactly(whole[5], whole[6], whole[7]);
    }

    /** Floating-point constants that are neither scalars nor running statistics. */
    private static long parameters(Graph graph) {
        Set<String> statistics = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operator().equals("BatchNormalization")) {
                node.input(RUNNING_MEAN).ifPresent(statistics::add);
                node.input(RUNNING_VARIANCE).ifPresent(statistics::add);
            }
        }
        return graph.constants().entrySet().stream()
                .filter(entry -> !statistics.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .filter(tensor -> tensor.type().isFloating() && !tensor.shape().isEmpty())
                .mapToLong(Tensor::size)
                .sum();
    }
}
