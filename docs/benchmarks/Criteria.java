import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.PruneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints what criteria leave of the accuracy of a network, right after the cut and after least squares: Criteria CALIBRATION
 * VALIDATION TARGET NETWORK RECIPE.... A recipe is CRITERION, CRITERION/NORMALISATION, CRITERION/NORMALISATION/ALLOCATOR or
 * CRITERION/NORMALISATION/ALLOCATOR/CONTROL, with mean, global and none where nothing is said.
 */
public final class Criteria {

    private Criteria() {}

    public static void main(String... arguments) throws Exception {
        Path calibration = Path.of(arguments[0]);
        Path validation = Path.of(arguments[1]);
        Path network = Path.of(arguments[3]);
        List<String> recipes = Arrays.asList(arguments).subList(4, arguments.length);
        Path output = Files.createTempDirectory("criteria").resolve("pruned.onnx");
        try (Espalier espalier = Espalier.builder()
                .plugins(Path.of(System.getProperty("espalier.home"), "plugins"))
                .build()) {
            for (String recipe : recipes) {
                String[] parts = recipe.split("/");
                try {
                    PruneResult result = espalier.prune(network)
                            .target(arguments[2])
                            .criterion(parts[0])
                            .normalise(parts.length > 1 ? parts[1] : "mean")
                            .allocator(parts.length > 2 ? parts[2] : "global")
                            .control(parts.length > 3 ? parts[3] : "none")
                            .data(validation)
                            .roundTo(1)
                            .repair("obs", Map.of(), calibration)
                            .withoutLatency()
                            .to(output);
                    System.out.printf(
                            Locale.ROOT,
                            "%-24s %-10s %-30s %6.2f %6.2f %6.2f%n",
                            network.getFileName(),
                            arguments[2],
                            recipe,
                            100 * result.original().evaluation().orElseThrow().value(),
                            100 * result.evaluationAfterCut().orElseThrow().value(),
                            100 * result.pruned().evaluation().orElseThrow().value());
                } catch (EspalierException e) {
                    System.out.printf("%-24s %-10s %-30s %s%n", network.getFileName(), arguments[2], recipe, e.getMessage());
                }
            }
        }
    }
}
