import io.espalier.api.DataFile;
import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.Evaluation;
import io.espalier.api.PruneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Prints what criteria leave of the accuracy of a network, right after the cut and after least squares: Criteria CALIBRATION
 * VALIDATION TARGET NETWORK RECIPE.... A recipe is CRITERION, CRITERION/NORMALISATION, CRITERION/NORMALISATION/ALLOCATOR,
 * CRITERION/NORMALISATION/ALLOCATOR/CONTROL or CRITERION/NORMALISATION/ALLOCATOR/CONTROL/SEEDS, with mean, global, none and 1 where
 * nothing is said. Of several seeds means are printed, with the lowest and the highest.
 */
public final class Criteria {

    private final List<DataFile> calibration;
    private final List<DataFile> validation;
    private final String target;
    private final Path network;
    private final Path output;

    private Criteria(Path output, String... arguments) {
        this.calibration = List.of(DataFile.parse(arguments[0]));
        this.validation = List.of(DataFile.parse(arguments[1]));
        this.target = arguments[2];
        this.network = Path.of(arguments[3]);
        this.output = output;
    }

    public static void main(String... arguments) throws Exception {
        List<String> recipes = Arrays.asList(arguments).subList(4, arguments.length);
        Path output = Files.createTempDirectory("criteria").resolve("pruned.onnx");
        Criteria criteria = new Criteria(output, arguments);
        try (Espalier espalier = Espalier.builder()
                .plugins(Path.of(System.getProperty("espalier.home"), "plugins"))
                .build()) {
            for (String recipe : recipes) {
                criteria.print(espalier, recipe);
            }
        }
    }

    private void print(Espalier espalier, String recipe) {
        String[] parts = recipe.split("/");
        int seeds = parts.length > 4 ? Integer.parseInt(parts[4]) : 1;
        String result;
        try {
            List<PruneResult> results = new ArrayList<>();
            for (int seed = 0; seed < seeds; seed++) {
                results.add(prune(espalier, seed, parts));
            }
            result = String.format(
                    Locale.ROOT,
                    "%6.2f  %s  %s",
                    100 * results.get(0).original().evaluation().orElseThrow().value(),
                    summary(results, each -> each.evaluationAfterCut()),
                    summary(results, each -> each.pruned().evaluation()));
        } catch (EspalierException e) {
            result = e.getMessage();
        }
        System.out.printf("%-24s %-10s %-34s %s%n", network.getFileName(), target, recipe, result);
    }

    private static String summary(List<PruneResult> results, Function<PruneResult, Optional<Evaluation>> measured) {
        DoubleSummaryStatistics shares = results.stream()
                .mapToDouble(each -> 100 * measured.apply(each).orElseThrow().value())
                .summaryStatistics();
        String mean = String.format(Locale.ROOT, "%6.2f", shares.getAverage());
        return results.size() == 1
                ? mean
                : String.format(Locale.ROOT, "%s (%.2f to %.2f)", mean, shares.getMin(), shares.getMax());
    }

    private PruneResult prune(Espalier espalier, long seed, String... parts) {
        return espalier.prune(network)
                .target(target)
                .criterion(parts[0])
                .normalise(parts.length > 1 ? parts[1] : "mean")
                .allocator(parts.length > 2 ? parts[2] : "global")
                .control(parts.length > 3 ? parts[3] : "none")
                .seed(seed)
                .data(validation)
                .roundTo(1)
                .repair("obs", Map.of(), calibration)
                .withoutLatency()
                .to(output);
    }
}
