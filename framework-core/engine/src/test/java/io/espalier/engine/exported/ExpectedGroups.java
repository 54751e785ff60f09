package io.espalier.engine.exported;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a specialist would prune in each exported network, counted by hand in its source: coupled channels in each
 * group. Where an exporter changes what is possible, its file has an entry of its own.
 */
final class ExpectedGroups {

    private static final Map<String, List<Integer>> EXPECTED = new TreeMap<>();

    private ExpectedGroups() {}

    private static void expect(String network, Integer... channels) {
        Arrays.sort(channels);
        EXPECTED.put(network, List.of(channels));
    }

    static {
        // --- convolutions
        expect("resnet", 8, 8, 12, 12);
        expect("mobilenet-v3", 8, 16, 4, 24, 8, 12, 24, 16);
        // Two shuffles pair what is kept with what is computed: 4 + 4 pairs, then the branches and the last layer.
        expect("shufflenet", 4, 4, 8, 8, 8, 20);
        expect("densenet", 8, 8, 4, 8, 4, 8, 8, 4);
        // Encoder, transposed convolutions and merging layers, skips concatenated.
        expect("unet-transposed", 8, 12, 16, 12, 12, 8, 8);
        expect("unet-interpolated", 8, 12, 16, 12, 8);
        // One channel of each of four convolution groups at a time.
        expect("resnext", 12, 4, 4);
        expect("pixel-shuffle", 8, 6);
        expect("vgg-flatten", 8, 8, 16);
        expect("convnext", 12, 24);
        // Whole norm groups, or one channel of each of the four.
        expect("normalised", 4, 4, 12, 8);
        // The operator itself promises as many groups as before.
        expect("normalised.d21", 4, 12, 8);
        expect("runtime-weights", 8, 12, 8);
        // Two groups feed four: pairs of whole groups, or one output of each group.
        expect("volumes", 4, 1, 2);
        expect("signals", 8, 8, 12, 8);
        expect("inception", 8, 6, 6, 8, 4);
        expect("detector", 8, 8, 8, 8, 8, 12, 12, 8);
        // --- attention: trunk, heads, feed-forward
        expect("vit-multihead", 16, 4, 24, 4, 24);
        expect("vit-packed", 16, 4, 24);
        expect("vit-fused", 16, 4, 24);
        expect("swin", 12, 3, 16, 3, 16, 16);
        expect("swin-open", 12, 3, 16, 3, 16, 16);
        // Keys with all their queries, one query of every key, pairs of columns that turn together.
        expect("decoder", 16, 2, 2, 4, 20);
        expect("decoder-fused", 16, 2, 2, 4, 20);
        // Neighbouring columns are stacked with a computed index, so that they stay.
        expect("decoder-pairs", 16, 2, 2, 20);
        // The rotary table reaches the fused operator, which ties its heads: all of them or none.
        expect("decoder-fused.d23", 16, 1, 20);
        // Queries of one shared key go one by one, columns of the one value too.
        expect("decoder-one-key", 16, 4, 4, 8, 20);
        expect("gpt", 16, 4, 32);
        expect("einsum-attention", 12, 3);
        // Keys and values of the memory share one projection with the queries, so both trunks are one.
        expect("cross-attention", 12, 2, 16, 2, 2, 16);
        expect("cross-covariance", 12, 3);
        expect("mixer", 12, 8, 20);
        expect("conformer", 12, 12, 3);
        // The trunk is an output.
        expect("bert", 4, 24);
        expect("llama", 16, 2, 2, 2, 24);
        // --- as onnxruntime's tools rewrite them
        expect("bert-optimised", 4, 24);
        expect("grouped-attention", 16, 2, 24);
        expect("turned-attention", 16, 4, 24);
        // Whole blocks of 16; 24 channels fill no blocks, so that they stay.
        expect("few-bits", 2, 4);
        // --- recurrence: both layers start from slices of one state and keep the same units
        expect("lstm", 8, 6);
        expect("gru", 8, 6);
        expect("rnn", 8, 6);
        expect("lstm-given-state", 8, 6);
        expect("reads-lines", 6, 8, 8);
        // What a branch or a loop reads and returns has the same channels in every course.
        expect("chooses", 10, 12);
        expect("repeats", 10, 12);
        expect("steps", 10, 12, 16);
        expect("decides", 12, 16);
        // --- moves
        // Every second channel is taken and multiplied with the other half: four at a time.
        expect("cuts", 12, 6, 2);
        // Padded channels of a shortcut, and those in between.
        expect("shifts", 8, 4);
        expect("picks", 12, 16);
        expect("tied", 12, 16);
        // TorchScript has written the tied embedding a second time, transposed: nothing ties the two any more.
        expect("tied.s13", 12, 16, 12);
        expect("unfolds", 6, 10);
        // Heads; TorchScript counts the positions of their columns too, so that all heads lose the same ones.
        expect("assigns", 2, 10);
        expect("assigns.s17", 2, 12, 10);
        // --- TensorFlow
        expect("tensorflow-cnn", 8, 6, 12, 10);
        expect("tensorflow-mobilenet", 8, 16, 4, 12, 6);
        // The second recurrent layer is a Loop.
        expect("tensorflow-lstm", 6, 8, 8, 10);
        // Heads, and one column of the value of each.
        expect("tensorflow-transformer", 16, 4, 4, 24);
    }

    /**
     * Sizes of the groups in ascending order.
     *
     * @param file name of the file without its ending
     */
    static List<Integer> of(String file) {
        String network = file.substring(0, file.indexOf('.'));
        List<Integer> expected = EXPECTED.getOrDefault(file, EXPECTED.get(network));
        if (expected == null) {
            throw new IllegalStateException("nobody has said what can be pruned in " + network);
        }
        return expected;
    }
}
