package io.espalier.plugin.allocators;

import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.ScoredGroup.Saving;
import java.util.List;

/** Four groups, two of each structure; a channel of the body saves twice the multiply-accumulates of the others. */
final class TestingGroups {

    static final List<ScoredGroup> FOUR = List.of(
            group("stem", "conv", 10, 1, 2),
            group("head", "linear", 10, 3),
            group("body", "conv", 20, 4, 5),
            group("tail", "linear", 10, 6));

    private TestingGroups() {}

    private static ScoredGroup group(String name, String signature, long macs, double... scores) {
        return new ScoredGroup(name, signature, scores, channel -> new Saving(macs, 2, 8));
    }
}
