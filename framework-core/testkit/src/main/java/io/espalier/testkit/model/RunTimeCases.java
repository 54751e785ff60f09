package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import java.util.List;

/** Weights computed while the network runs, and control flow. */
final class RunTimeCases {

    private RunTimeCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "standardised-weight",
                        "The weight is standardised per filter by arithmetic over constants: filters of raw.weight:0 go"
                                + " with conv2's inputs; its input axis enters the filter's mean and variance, a statistic"
                                + " over channels of conv1.",
                        RunTimeCases::standardisedWeight),
                HardCase.of(
                        "scaled-weight",
                        "The weight is raw.weight times gain [6, 1, 1, 1]: filter o takes raw.weight:0, gain:0 and conv2's"
                                + " input; input channels follow conv1.",
                        RunTimeCases::scaledWeight),
                HardCase.of(
                        "run-time-weight",
                        "A linear layer makes the weight [6, 4, 3, 3] from the context: 36 columns of hyper.weight make one"
                                + " filter and go with conv2's input; 54 columns, strided, make one input channel and go"
                                + " with conv1's filter; an element goes when either does.",
                        RunTimeCases::runTimeWeight),
                HardCase.of(
                        "if-with-outer-channels",
                        "Both branches read conv1 from outside and give the same value: conv1's channels go with the input"
                                + " axes of weights in both bodies, both bodies' filters go together with conv2's input;"
                                + " the body's constants are edited inside the body.",
                        RunTimeCases::ifWithOuterChannels),
                HardCase.of(
                        "if-identity",
                        "One branch hands conv1 on, the other convolves it: the filters inside the body go with the"
                                + " channels of conv1 outside and with conv2's input.",
                        RunTimeCases::ifIdentity));
    }

    private static String image(GraphBuilder graph, Object batch, int channels) {
        String image = graph.input("image", batch, 2, 6, 6);
        return graph.relu(graph.conv("conv1", image, channels, Window.same(3)));
    }

    private static String standardisedWeight(GraphBuilder graph) {
        String x = image(graph, "batch", 4);
        String raw = graph.convWeight("raw", 4, 6, Window.same(3), 2);
        String centred = graph.binary("Sub", raw, graph.mean(raw, true, 1, 2, 3));
        String variance = graph.mean(graph.mul(centred, centred), true, 1, 2, 3);
        String deviation = graph.unary("Sqrt", graph.add(variance, graph.scalar(1e-5)));
        String weight = graph.mul(graph.binary("Div", centred, deviation), graph.scalar(0.2));
        return graph.conv("conv2", graph.relu(graph.conv(x, weight, "", Window.same(3))), 3, Window.same(1));
    }

    private static String scaledWeight(GraphBuilder graph) {
        String x = image(graph, "batch", 4);
        String raw = graph.convWeight("raw", 4, 6, Window.same(3), 2);
        String weight = graph.mul(raw, graph.uniform("gain", 0.5, 1.5, 6, 1, 1, 1));
        return graph.conv("conv2", graph.relu(graph.conv(x, weight, "", Window.same(3))), 3, Window.same(1));
    }

    private static String runTimeWeight(GraphBuilder graph) {
        String x = image(graph, "batch", 4);
        String context = graph.relu(graph.linear("context", graph.input("context", 1, 5), 8));
        String flat = graph.mul(graph.linear("hyper", context, 6 * 4 * 9), graph.scalar(0.3));
        String weight = graph.reshape(flat, 6, 4, 3, 3);
        return graph.conv("conv2", graph.relu(graph.conv(x, weight, "", Window.same(3))), 3, Window.same(1));
    }

    private static String ifWithOuterChannels(GraphBuilder graph) {
        String x = image(graph, "batch", 4);
        String condition = graph.input("condition", DataType.BOOL);
        GraphBuilder yes = graph.body("yes");
        yes.output(yes.relu(yes.conv("yes", x, 5, Window.same(3))));
        GraphBuilder no = graph.body("no");
        no.output(no.conv("no", x, 5, Window.same(1)));
        return graph.conv("conv2", choose(graph, condition, yes.build(), no.build(), 5), 3, Window.same(1));
    }

    private static String ifIdentity(GraphBuilder graph) {
        String x = image(graph, "batch", 4);
        String condition = graph.input("condition", DataType.BOOL);
        GraphBuilder yes = graph.body("yes");
        yes.output(yes.conv("yes", x, 4, Window.same(3)));
        GraphBuilder no = graph.body("no");
        no.output(no.unary("Identity", x));
        return graph.conv("conv2", choose(graph, condition, yes.build(), no.build(), 4), 3, Window.same(1));
    }

    private static String choose(GraphBuilder graph, String condition, Graph yes, Graph no, int channels) {
        String result = graph.node("If", List.of(condition), "then_branch", yes, "else_branch", no);
        return graph.follow(result, "batch", channels, 6, 6);
    }
}
