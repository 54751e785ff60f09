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
import java.util.stream.Stream;

/**
 * Prints what criteria leave of the accuracy of networks, right after the cut and after least squares: Criteria CALIBRATION
 * VALIDATION TARGETS NETWORKS RECIPE..., with commas between targets and between networks. A table for each target, a row for each
 * recipe. A recipe is CRITERION, CRITERION/NORMALISATION, CRITERION/NORMALISATION/ALLOCATOR,
 * CRITERION/NORMALISATION/ALLOCATOR/CONTROL or CRITERION/NORMALISATION/ALLOCATOR/CONTROL/SEEDS, with mean, global, none and 1 where
 * nothing is said. Of several seeds means are printed, with the lowest and the highest.
 */
public final class Criteria {

    private final List<DataFile> calibration;
    private final List<DataFile> validation;
    private final List<Path> networks;
    private final Path output;

    private Criteria(Path output, String... arguments) {
        this.calibration = List.of(DataFile.parse(arguments[0]));
        this.validation = List.of(DataFile.parse(arguments[1]));
        this.networks = Stream.of(arguments[3].split(",")).map(Path::of).toList();
        this.output = output;
    }

    public static void main(String... arguments) throws Exception {
        List<String> recipes = Arrays.asList(arguments).subList(4, arguments.length);
        Path output = Files.createTempDirectory("criteria").resolve("pruned.onnx");
        Criteria criteria = new Criteria(output, arguments);
        try (Espalier espalier = Espalier.builder()
                .plugins(Path.of(System.getProperty("espalier.home"), "plugins"))
                .build()) {
            for (String target : arguments[2].split(",")) {
                criteria.head(target);
                recipes.forEach(recipe -> criteria.row(espalier, target, recipe));
            }
        }
    }

    private void head(String target) {
        StringBuilder names = new StringBuilder("| " + target + ": criterion/normalisation/allocator/control/seeds |");
        networks.forEach(each -> names.append(" " + each.getFileName() + ": before | cut | recovered |"));
        System.out.println(names);
        System.out.println("|---|" + "---|---|---|".repeat(networks.size()));
    }

    private void row(Espalier espalier, String target, String recipe) {
        System.out.print("| " + recipe + " |");
        for (Path network : networks) {
            System.out.print(" " + cells(espalier, network, target, recipe.split("/")) + " |");
            System.out.flush();
        }
        System.out.println();
    }

    private String cells(Espalier espalier, Path network, String target, String... parts) {
        int seeds = parts.length > 4 ? Integer.parseInt(parts[4]) : 1;
        try {
            List<PruneResult> results = new ArrayList<>();
            for (int seed = 0; seed < seeds; seed++) {
                results.add(prune(espalier, network, target, seed, parts));
            }
            return String.format(
                    Locale.ROOT,
                    "%.2f | %s | %s",
                    100 * results.get(0).original().evaluation().orElseThrow().value(),
                    summary(results, each -> each.evaluationAfterCut()),
                    summary(results, each -> each.pruned().evaluation()));
        } catch (EspalierException e) {
            return e.getMessage() + " | | ";
        }
    }

    private static String summary(List<PruneResult> results, Function<PruneResult, Optional<Evaluation>> measured) {
        DoubleSummaryStatistics shares = results.stream()
                .mapToDouble(each -> 100 * measured.apply(each).orElseThrow().value())
                .summaryStatistics();
        String mean = String.format(Locale.ROOT, "%.2f", shares.getAverage());
        return results.size() == 1
                ? mean
                : String.format(Locale.ROOT, "%s (%.2f to %.2f)", mean, shares.getMin(), shares.getMax());
    }

    private PruneResult prune(Espalier espalier, Path network, String target, long seed, String... parts) {
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
