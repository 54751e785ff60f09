package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.List;
import java.util.Optional;

/**
 * What a proof from files found.
 *
 * @param proof the proof
 * @param repair the compensator that changed weights after the cut, when there was one
 * @param repairedParameters the constants it changed, which the proof does not cover
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record VerifyResult(Proof proof, Optional<String> repair, List<String> repairedParameters) {

    public VerifyResult {
        repairedParameters = List.copyOf(repairedParameters);
    }
}
