package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a proof from files found.
 *
 * @param proof the verdict, with the numbers of the cut
 * @param differences what differs from what the plan says; when there is one, no numbers were compared
 * @param recovery the compensator that changed weights after the cut, when the plan records one
 * @param recoveredConstants the constants it changed: they are those of the record, the numbers are of the cut without them
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record VerifyResult(
        Proof proof, List<Difference> differences, Optional<String> recovery, List<String> recoveredConstants) {

    public VerifyResult {
        differences = List.copyOf(differences);
        recoveredConstants = List.copyOf(recoveredConstants);
    }

    /**
     * One way in which a file is not what its plan says.
     *
     * @param kind what differs: {@code interface}, {@code node}, {@code attribute}, {@code constant}, or {@code file} for
     *     what the graph does not show
     * @param name the value or constant concerned; empty for the model as a whole
     * @param text what differs, as a clause
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
    public record Difference(String kind, String name, String text) {

        static Difference of(io.espalier.engine.reprove.Difference difference) {
            return new Difference(
                    difference.kind().name().toLowerCase(Locale.ROOT), difference.name(), difference.text());
        }
    }
}
