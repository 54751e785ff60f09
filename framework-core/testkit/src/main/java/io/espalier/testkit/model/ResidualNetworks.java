package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;

/** Residual networks, layer by layer as torchvision builds them. */
public final class ResidualNetworks {

    private static final long[] STAGE_WIDTHS = {64, 128, 256, 512};
    private static final int EXPANSION = 4;
    /** Scales that keep a residual stream from growing from block to block. */
    private static final double BRANCH_GAIN = 0.4;

    private static final double SHORTCUT_GAIN = 0.7;

    private final GraphBuilder graph;
    private final Scale scale;
    private final long groups;

    private ResidualNetworks(String name, long seed, Scale scale, long groups) {
        this.graph = new GraphBuilder(name, seed);
        this.scale = scale;
        this.groups = groups;
    }

    /** ResNet-18: 11,689,512 parameters at full scale. */
    public static Graph resnet18(long seed, Scale scale) {
        return new ResidualNetworks("resnet18", seed, scale, 1).build(false, 2, 2, 2, 2);
    }

    /** ResNet-50: 25,557,032 parameters at full scale. */
    public static Graph resnet50(long seed, Scale scale) {
        return new ResidualNetworks("resnet50", seed, scale, 1).build(true, 3, 4, 6, 3);
    }

    /** ResNeXt-50 32x4d: 25,028,904 parameters at full scale; fewer convolution groups at smaller width. */
    public static Graph resnext50(long seed, Scale scale) {
        long groups = Math.max(2, Math.round(32 * scale.width()));
        return new ResidualNetworks("resnext50_32x4d", seed, scale, groups).build(true, 3, 4, 6, 3);
    }

    private Graph build(boolean bottleneck, int... depths) {
        String image = graph.input("image", "batch", 3, scale.image(), scale.image());
        Window stem = Window.same(7).stride(2).withoutBias();
        String x = graph.relu(graph.bn("bn1", graph.conv("conv1", image, scale.of(64), stem)));
        x = graph.maxPool(x, Window.same(3).stride(2));
        for (int stage = 0; stage < depths.length; stage++) {
            for (int block = 0; block < depths[stage]; block++) {
                String name = "layer" + (stage + 1) + "." + block;
                long width = scale.of(STAGE_WIDTHS[stage]);
                long stride = block == 0 && stage > 0 ? 2 : 1;
                x = bottleneck ? bottleneckBlock(name, x, width, stride) : basicBlock(name, x, width, stride);
            }
        }
        x = graph.flatten(graph.globalAveragePool(x), 1);
        return graph.output(graph.gemm("fc", x, scale.classes())).build();
    }

    private String basicBlock(String name, String x, long width, long stride) {
        Window window = Window.same(3).withoutBias();
        String branch = graph.conv(name + ".conv1", x, width, window.stride(stride));
        branch = graph.relu(graph.bn(name + ".bn1", branch));
        branch = graph.conv(name + ".conv2", branch, width, window);
        branch = graph.bn(name + ".bn2", branch, BRANCH_GAIN);
        return graph.relu(graph.add(branch, shortcut(name, x, width, stride)));
    }

    private String bottleneckBlock(String name, String x, long width, long stride) {
        Window point = Window.same(1).withoutBias();
        long inner = groups == 1 ? width : 2 * width;
        String branch = graph.relu(graph.bn(name + ".bn1", graph.conv(name + ".conv1", x, inner, point)));
        Window window = Window.same(3).stride(stride).groups(groups).withoutBias();
        branch = graph.relu(graph.bn(name + ".bn2", graph.conv(name + ".conv2", branch, inner, window)));
        branch = graph.conv(name + ".conv3", branch, EXPANSION * width, point);
        branch = graph.bn(name + ".bn3", branch, BRANCH_GAIN);
        return graph.relu(graph.add(branch, shortcut(name, x, EXPANSION * width, stride)));
    }

    private String shortcut(String name, String x, long width, long stride) {
        if (stride == 1 && graph.extent(x, 1) == width) {
            return x;
        }
        Window window = Window.same(1).stride(stride).withoutBias();
        return graph.bn(name + ".downsample.1", graph.conv(name + ".downsample.0", x, width, window), SHORTCUT_GAIN);
    }
}
