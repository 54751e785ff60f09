package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/** VGG and DenseNet as torchvision builds them, and a small network of squeeze-and-excitation blocks. */
public final class ClassicNetworks {

    private static final int POOL = 0;
    private static final int[] VGG11 = {64, POOL, 128, POOL, 256, 256, POOL, 512, 512, POOL, 512, 512, POOL};
    private static final int[] VGG16 = {
        64, 64, POOL, 128, 128, POOL, 256, 256, 256, POOL, 512, 512, 512, POOL, 512, 512, 512, POOL
    };

    private ClassicNetworks() {}

    /** VGG-11 with its flatten between convolutions and classifier: 132,863,336 parameters at full scale. */
    public static Graph vgg11(long seed, Scale scale) {
        return vgg("vgg11", seed, scale, VGG11);
    }

    /** VGG-16 with its flatten between convolutions and classifier: 138,357,544 parameters at full scale. */
    public static Graph vgg16(long seed, Scale scale) {
        return vgg("vgg16", seed, scale, VGG16);
    }

    private static Graph vgg(String name, long seed, Scale scale, int... layers) {
        GraphBuilder graph = new GraphBuilder(name, seed);
        String x = graph.input("image", "batch", 3, scale.image(), scale.image());
        for (int i = 0; i < layers.length; i++) {
            x = layers[i] == POOL
                    ? graph.maxPool(x, Window.valid(2).stride(2))
                    : graph.relu(graph.conv("features." + i, x, scale.of(layers[i]), Window.same(3)));
        }
        x = graph.flatten(x, 1);
        x = graph.relu(graph.gemm("classifier.0", x, scale.of(4096)));
        x = graph.relu(graph.gemm("classifier.3", x, scale.of(4096)));
        return graph.output(graph.gemm("classifier.6", x, scale.classes())).build();
    }

    /** DenseNet-161: 28,681,000 parameters at full scale. */
    public static Graph densenet161(long seed, Scale scale) {
        return densenet("densenet161", seed, scale, new Growth(48, 96), 6, 12, 36, 24);
    }

    /** DenseNet-121: 7,978,856 parameters at full scale. */
    public static Graph densenet121(long seed, Scale scale) {
        return densenet("densenet121", seed, scale, new Growth(32, 64), 6, 12, 24, 16);
    }

    /** A DenseNet of four blocks of two or three layers, for tests that run it. */
    public static Graph densenetSmall(long seed) {
        return densenet("densenet_small", seed, new Scale(0.25, 32, 10), new Growth(32, 64), 2, 3, 2, 2);
    }

    private record Growth(long each, long initial) {}

    private static Graph densenet(String name, long seed, Scale scale, Growth growth, int... depths) {
        GraphBuilder graph = new GraphBuilder(name, seed);
        String image = graph.input("image", "batch", 3, scale.image(), scale.image());
        Window stem = Window.same(7).stride(2).withoutBias();
        String x = graph.conv("features.conv0", image, scale.of(growth.initial()), stem);
        x = graph.maxPool(
                graph.relu(graph.bn("features.norm0", x)), Window.same(3).stride(2));
        for (int block = 1; block <= depths.length; block++) {
            x = denseBlock(graph, "features.denseblock" + block, x, depths[block - 1], scale.of(growth.each()));
            if (block < depths.length) {
                x = transition(graph, "features.transition" + block, x);
            }
        }
        x = graph.globalAveragePool(graph.relu(graph.bn("features.norm5", x)));
        x = graph.flatten(x, 1);
        return graph.output(graph.gemm("classifier", x, scale.classes())).build();
    }

    private static String denseBlock(GraphBuilder graph, String name, String x, int depth, long growth) {
        List<String> features = new ArrayList<>(List.of(x));
        for (int layer = 1; layer <= depth; layer++) {
            String at = name + ".denselayer" + layer;
            String all = features.size() == 1 ? x : graph.concat(1, features.toArray(String[]::new));
            String inner = graph.relu(graph.bn(at + ".norm1", all));
            inner = graph.conv(at + ".conv1", inner, 4 * growth, Window.same(1).withoutBias());
            inner = graph.relu(graph.bn(at + ".norm2", inner));
            features.add(graph.conv(at + ".conv2", inner, growth, Window.same(3).withoutBias()));
        }
        return graph.concat(1, features.toArray(String[]::new));
    }

    private static String transition(GraphBuilder graph, String name, String x) {
        String normal = graph.relu(graph.bn(name + ".norm", x));
        long half = graph.extent(x, 1) / 2;
        String narrow = graph.conv(name + ".conv", normal, half, Window.same(1).withoutBias());
        return graph.averagePool(narrow, Window.valid(2).stride(2));
    }

    /** Two residual blocks with squeeze-and-excitation: one of 1 x 1 convolutions, one of linear layers. */
    public static Graph squeezeExcite(long seed, Scale scale) {
        GraphBuilder graph = new GraphBuilder("squeeze_excite", seed);
        long width = scale.of(128);
        String x = graph.input("image", "batch", 3, scale.image(), scale.image());
        x = graph.relu(graph.bn(
                "stem.bn", graph.conv("stem.conv", x, width, Window.same(3).stride(2))));
        String first = residualBody(graph, "block1", x, width);
        x = graph.relu(graph.add(x, graph.mul(first, exciteByConvolutions(graph, "block1.se", first))));
        String second = residualBody(graph, "block2", x, width);
        x = graph.relu(graph.add(x, graph.mul(second, exciteByLinearLayers(graph, "block2.se", second))));
        x = graph.flatten(graph.globalAveragePool(x), 1);
        return graph.output(graph.gemm("fc", x, scale.classes())).build();
    }

    private static String residualBody(GraphBuilder graph, String name, String x, long width) {
        String inner = graph.conv(name + ".conv1", x, width, Window.same(3).withoutBias());
        inner = graph.relu(graph.bn(name + ".bn1", inner));
        return graph.bn(
                name + ".bn2",
                graph.conv(name + ".conv2", inner, width, Window.same(3).withoutBias()));
    }

    private static String exciteByConvolutions(GraphBuilder graph, String name, String x) {
        long width = graph.extent(x, 1);
        String squeezed = graph.globalAveragePool(x);
        String hidden = graph.relu(graph.conv(name + ".fc1", squeezed, width / 4, Window.same(1)));
        return graph.unary("Sigmoid", graph.conv(name + ".fc2", hidden, width, Window.same(1)));
    }

    private static String exciteByLinearLayers(GraphBuilder graph, String name, String x) {
        long width = graph.extent(x, 1);
        String squeezed = graph.mean(x, false, 2, 3);
        String hidden = graph.relu(graph.gemm(name + ".fc1", squeezed, width / 4));
        String scores = graph.unary("HardSigmoid", graph.gemm(name + ".fc2", hidden, width));
        return graph.reshape(scores, 0, width, 1, 1);
    }
}
