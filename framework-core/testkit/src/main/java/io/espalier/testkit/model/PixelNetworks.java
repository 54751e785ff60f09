package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import java.util.ArrayDeque;
import java.util.Deque;

/** Networks from images to images. */
public final class PixelNetworks {

    /** How a U-Net grows back. */
    public enum Up {
        CONV_TRANSPOSE,
        RESIZE
    }

    /** How a network moves channels into space. */
    public enum Shuffle {
        /** Depth-to-space, channel outermost: PyTorch's PixelShuffle. */
        CRD,
        /** Depth-to-space, block outermost: TensorFlow's depth_to_space. */
        DCR,
        /** PixelShuffle exported as Reshape, Transpose, Reshape. */
        RESHAPED
    }

    private PixelNetworks() {}

    /**
     * A U-Net of three levels with batch normalisation.
     *
     * @param width channels of the first level
     * @param image height and width, a multiple of 4
     */
    public static Graph unet(long seed, Up up, long width, long image) {
        GraphBuilder graph = new GraphBuilder("unet", seed);
        String x = doubleConv(graph, "inc", graph.input("image", "batch", 3, image, image), width);
        Deque<String> skips = new ArrayDeque<>();
        for (int level = 1; level <= 2; level++) {
            skips.push(x);
            String smaller = graph.maxPool(x, Window.valid(2).stride(2));
            x = doubleConv(graph, "down" + level, smaller, width << level);
        }
        for (int level = 1; level >= 0; level--) {
            String name = "up" + (2 - level);
            String larger = up == Up.CONV_TRANSPOSE
                    ? graph.convTranspose(name + ".up", x, width << level)
                    : graph.conv(name + ".up", graph.upsample(x), width << level, Window.same(3));
            x = doubleConv(graph, name, graph.concat(1, skips.pop(), larger), width << level);
        }
        return graph.output(graph.conv("outc", x, 2, Window.same(1))).build();
    }

    private static String doubleConv(GraphBuilder graph, String name, String x, long width) {
        Window window = Window.same(3).withoutBias();
        String first = graph.relu(graph.bn(name + ".1", graph.conv(name + ".0", x, width, window)));
        return graph.relu(graph.bn(name + ".4", graph.conv(name + ".3", first, width, window)));
    }

    /**
     * Super-resolution by four in two steps of channels into space; the first step lies between convolutions, so its
     * channels can go, four for one.
     */
    public static Graph superResolution(long seed, Shuffle shuffle, long width, long image) {
        GraphBuilder graph = new GraphBuilder("super_resolution", seed);
        String x = graph.input("image", "batch", 1, image, image);
        x = graph.relu(graph.conv("conv1", x, width, Window.same(5)));
        x = graph.relu(graph.conv("conv2", x, 4 * width, Window.same(3)));
        x = graph.relu(graph.conv("conv3", enlarge(graph, x, shuffle), width, Window.same(3)));
        x = graph.conv("conv4", x, 4, Window.same(3));
        return graph.output(enlarge(graph, x, shuffle)).build();
    }

    private static String enlarge(GraphBuilder graph, String x, Shuffle shuffle) {
        if (shuffle != Shuffle.RESHAPED) {
            return graph.depthToSpace(x, 2, shuffle.name());
        }
        long channels = graph.extent(x, 1) / 4;
        long height = graph.extent(x, 2);
        long width = graph.extent(x, 3);
        String blocks = graph.reshape(x, -1, channels, 2, 2, height, width);
        return graph.reshape(graph.transpose(blocks, 0, 1, 4, 2, 5, 3), -1, channels, 2 * height, 2 * width);
    }
}
