package io.espalier.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TrackedLayersTest {

    private final TrackedLayers layers = new TrackedLayers(new GraphBuilder("tracked", 1));

    private Set<Set<String>> classes() {
        return layers.truth().truth().classes().stream()
                .map(atoms -> atoms.stream().map(Object::toString).collect(Collectors.toSet()))
                .collect(Collectors.toSet());
    }

    @Test
    void additionMakesChannelsOne() {
        Tracked x = layers.input(1, "batch", 3, 4, 4);
        Tracked left = layers.conv(x, 2, Window.same(3).withoutBias());
        Tracked right = layers.conv(x, 2, Window.same(1).withoutBias());
        layers.output(layers.conv(layers.binary("Add", left, right), 1, Window.same(1)));
        assertThat(classes())
                .containsExactlyInAnyOrder(
                        Set.of("conv1.weight:0[0]", "conv2.weight:0[0]", "conv3.weight:1[0]"),
                        Set.of("conv1.weight:0[1]", "conv2.weight:0[1]", "conv3.weight:1[1]"));
        assertThat(layers.truth().truth().frozen())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "conv1.weight:1[0]",
                        "conv1.weight:1[1]",
                        "conv1.weight:1[2]",
                        "conv2.weight:1[0]",
                        "conv2.weight:1[1]",
                        "conv2.weight:1[2]",
                        "conv3.weight:0[0]",
                        "conv3.bias:0[0]");
    }

    @Test
    void concatenationReversalAndFlattenMoveChannels() {
        Tracked x = layers.input(1, "batch", 1, 1, 2);
        Tracked left = layers.conv(x, 1, Window.same(1).withoutBias());
        Tracked right = layers.conv(x, 2, Window.same(1).withoutBias());
        Tracked reversed = layers.slice(layers.concat(left, right), 2, -1, -1);
        layers.output(layers.gemm(layers.flatten(reversed), 1));
        assertThat(classes())
                .containsExactlyInAnyOrder(
                        Set.of("conv2.weight:0[1]", "gemm3.weight:1[0]", "gemm3.weight:1[1]"),
                        Set.of("conv2.weight:0[0]", "gemm3.weight:1[2]", "gemm3.weight:1[3]"),
                        Set.of("conv1.weight:0[0]", "gemm3.weight:1[4]", "gemm3.weight:1[5]"));
    }

    @Test
    void depthwiseFiltersFollowTheirChannel() {
        Tracked x =
                layers.conv(layers.input(1, "batch", 1, 4, 4), 2, Window.same(1).withoutBias());
        layers.output(layers.conv(layers.depthwise(x, 2, Window.same(3)), 1, Window.same(1)));
        assertThat(classes())
                .contains(Set.of(
                        "conv1.weight:0[1]",
                        "depthwise2.weight:0[2]",
                        "depthwise2.weight:0[3]",
                        "depthwise2.bias:0[2]",
                        "depthwise2.bias:0[3]",
                        "conv3.weight:1[2]",
                        "conv3.weight:1[3]"));
    }

    @Test
    void sharedWeightTiesTheInputsOfBothUses() {
        Tracked x = layers.input(1, "batch", 1, 4, 4);
        Tracked left = layers.conv(x, 1, Window.same(1).withoutBias());
        Tracked right = layers.conv(x, 1, Window.same(1).withoutBias());
        List<Tracked> both = layers.convTwice(left, right, 1);
        layers.output(layers.conv(layers.concat(both.get(0), both.get(1)), 1, Window.same(1)));
        assertThat(classes())
                .containsExactlyInAnyOrder(
                        Set.of("conv1.weight:0[0]", "conv2.weight:0[0]", "shared3.weight:1[0]"),
                        Set.of("shared3.weight:0[0]", "conv4.weight:1[0]", "conv4.weight:1[1]"));
    }
}
