package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import java.util.List;

/** Networks for small devices, as torchvision builds them. */
public final class MobileNetworks {

    /** Expansion, width, repeats, stride. */
    private static final long[][] MOBILENET_V2 = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    /** Width, repeats. */
    private static final long[][] SHUFFLENET_V2 = {{116, 4}, {232, 8}, {464, 4}};

    private static final double BRANCH_GAIN = 0.5;
    /** Makes up for weights that are scaled for a ReLU where none follows. */
    private static final double LINEAR_GAIN = 0.6;

    private final GraphBuilder graph;
    private final Scale scale;

    private MobileNetworks(String name, long seed, Scale scale) {
        this.graph = new GraphBuilder(name, seed);
        this.scale = scale;
    }

    /** MobileNetV2: 3,504,872 parameters at full scale. */
    public static Graph mobilenetV2(long seed, Scale scale) {
        return new MobileNetworks("mobilenet_v2", seed, scale).mobilenetV2();
    }

    private Graph mobilenetV2() {
        String x = graph.input("image", "batch", 3, scale.image(), scale.image());
        x = clipped("features.0", x, scale.of(32), Window.same(3).stride(2));
        int index = 1;
        for (long[] stage : MOBILENET_V2) {
            for (long block = 0; block < stage[2]; block++) {
                long stride = block == 0 ? stage[3] : 1;
                x = invertedResidual("features." + index++, x, stage[0], scale.of(stage[1]), stride);
            }
        }
        x = clipped("features." + index, x, scale.of(1280), Window.same(1));
        x = graph.flatten(graph.globalAveragePool(x), 1);
        return graph.output(graph.gemm("classifier.1", x, scale.classes())).build();
    }

    private String invertedResidual(String name, String x, long expansion, long width, long stride) {
        long in = graph.extent(x, 1);
        long hidden = in * expansion;
        String inner = expansion == 1 ? x : clipped(name + ".expand", x, hidden, Window.same(1));
        inner = clipped(
                name + ".depthwise",
                inner,
                hidden,
                Window.same(3).stride(stride).groups(hidden));
        inner = normalised(name + ".project", inner, width, Window.same(1), BRANCH_GAIN);
        return stride == 1 && in == width ? graph.add(x, inner) : inner;
    }

    private String clipped(String name, String x, long width, Window window) {
        return graph.relu6(normalised(name, x, width, window, 1));
    }

    private String normalised(String name, String x, long width, Window window, double gain) {
        return graph.bn(name + ".1", graph.conv(name + ".0", x, width, window.withoutBias()), gain);
    }

    /** ShuffleNetV2 x1.0: 2,278,604 parameters at full scale. */
    public static Graph shufflenetV2(long seed, Scale scale) {
        return new MobileNetworks("shufflenet_v2_x1_0", seed, scale).shufflenetV2();
    }

    private Graph shufflenetV2() {
        String x = graph.input("image", "batch", 3, scale.image(), scale.image());
        x = graph.relu(normalised("conv1", x, scale.of(24), Window.same(3).stride(2), 1));
        x = graph.maxPool(x, Window.same(3).stride(2));
        for (int stage = 0; stage < SHUFFLENET_V2.length; stage++) {
            long width = scale.of(SHUFFLENET_V2[stage][0]);
            for (int block = 0; block < SHUFFLENET_V2[stage][1]; block++) {
                x = shuffleUnit("stage" + (stage + 2) + "." + block, x, width, block == 0);
            }
        }
        x = graph.relu(normalised("conv5", x, scale.of(1024), Window.same(1), 1));
        return graph.output(graph.gemm("fc", graph.mean(x, false, 2, 3), scale.classes()))
                .build();
    }

    private String shuffleUnit(String name, String x, long width, boolean down) {
        long half = width / 2;
        if (down) {
            long in = graph.extent(x, 1);
            String left = normalised(
                    name + ".branch1.dw", x, in, Window.same(3).stride(2).groups(in), LINEAR_GAIN);
            left = graph.relu(normalised(name + ".branch1.pw", left, half, Window.same(1), 1));
            return shuffle(graph.concat(1, left, shuffleBranch(name + ".branch2", x, half, 2)));
        }
        List<String> halves = graph.split(x, 1, half, half);
        return shuffle(graph.concat(1, halves.get(0), shuffleBranch(name + ".branch2", halves.get(1), half, 1)));
    }

    private String shuffleBranch(String name, String x, long width, long stride) {
        String inner = graph.relu(normalised(name + ".pw1", x, width, Window.same(1), 1));
        inner = normalised(
                name + ".dw", inner, width, Window.same(3).stride(stride).groups(width), LINEAR_GAIN);
        return graph.relu(normalised(name + ".pw2", inner, width, Window.same(1), 1));
    }

    private String shuffle(String x) {
        long channels = graph.extent(x, 1);
        long height = graph.extent(x, 2);
        long width = graph.extent(x, 3);
        String pairs = graph.reshape(x, 0, 2, channels / 2, height, width);
        return graph.reshape(graph.transpose(pairs, 0, 2, 1, 3, 4), 0, channels, height, width);
    }
}
