package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that computes a loss and its gradients.
 *
 * @param inputs names of its inputs
 * @param labels those of them that labels are fed to
 * @param loss the output with the loss, averaged over the examples
 * @param gradients for each value that was differentiated by, the output with its gradient, of the same shape
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record GradientFile(List<String> inputs, List<String> labels, String loss, Map<String, String> gradients) {

    public GradientFile {
        inputs = List.copyOf(inputs);
        labels = List.copyOf(labels);
        gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    }
}
