package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * What a file calls the layer that a node of the neutral graph belongs to. For people only: nothing is looked up by it, and
 * names may repeat. Names of constants are no part of it; they are those of {@link Graph#constants()}.
 *
 * @param module path of the module or layer in the network that was exported, such as {@code layer4.0.conv1}; empty when
 *     the file does not say it
 * @param operators names of the native operators that the node stands for, such as {@code /layer4/0/conv1/Conv}, the
 *     most telling one first; several where a converter has merged operators
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record LayerName(String module, List<String> operators) {

    public LayerName {
        operators = operators.stream().filter(name -> !name.isEmpty()).toList();
    }

    /** The name of a module or layer. */
    public static LayerName ofModule(String module) {
        return new LayerName(module, List.of());
    }
}
