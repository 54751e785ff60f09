import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.adapter.tflite.TfliteAdapter;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.plan.Plan.FrozenAxis;
import io.espalier.engine.run.LatencyComparison;
import io.espalier.engine.run.LatencyOptions;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.Decision;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Proof;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.PruningRun;
import io.espalier.engine.run.VerificationFailedException;
import io.espalier.engine.verify.Verification;
import io.espalier.plugin.allocators.UniformAllocator;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prunes every {@code .tflite} file of some folders to half of its channels, proves it, and prints a table. Run it with
 * {@code docs/tflite-networks/run}.
 */
public final class PruneNetworks {

    private static final long SEED = 20261122;
    private static final LatencyOptions LATENCY = new LatencyOptions(10, 200, 5);
    private static final int REASONS = 3;

    private final Path scratch;

    private PruneNetworks(Path scratch) {
        this.scratch = scratch;
    }

    public static void main(String[] folders) throws IOException {
        Path scratch = Files.createTempDirectory("espalier-networks-");
        say("| network | outcome | difference (tolerance) | parameters | MACs | file, KB "
                + "| interpreter, ms | indices that stay, and why |");
        say("|---|---|---|---|---|---|---|---|");
        List<Double> times = new ArrayList<>();
        for (String folder : folders) {
            for (Path file : networks(Path.of(folder))) {
                new PruneNetworks(scratch).prune(file).ifPresent(times::add);
            }
        }
        say("");
        say("%d files; the interpreter needs %.0f %% of the time (geometric mean)", times.size(), 100 * mean(times));
        delete(scratch);
    }

    /** The time of the pruned network as a share of the original's; empty when it was not pruned. */
    private Optional<Double> prune(Path file) {
        try {
            PruningReport report = request(file).prune();
            row(file, report);
            return report.latency().map(LatencyComparison::ratio);
        } catch (VerificationFailedException failed) {
            Verification found = failed.verification();
            say("| %s | %s | %s | | | | | %s |", name(file), outcome(found), difference(found), found.reason());
        } catch (InvalidInputException refused) {
            say("| %s | refused | | | | | | %s |", name(file), refused.getMessage());
        }
        return Optional.empty();
    }

    private PruningRun request(Path file) {
        Decision decision = Decision.of(
                new L1Criterion(), Options.none(), new UniformAllocator(), Target.parse("channels=50%"), SEED);
        return new PruningRun(new PruningRequest(
                new Input(file, new TfliteAdapter(), new OnnxExecutor(), List.of()),
                Optional.of(decision),
                Optional.empty(),
                Costs.DEFAULT,
                Optional.of(scratch.resolve(file.getFileName())),
                new Data(Optional.empty(), Optional.of(LATENCY)),
                Optional.empty(),
                Proof.DEFAULT,
                new Trail("networks", "espalier", "prune", Map.of(), Clock.systemUTC(), List.of()),
                1));
    }

    private static void row(Path file, PruningReport report) {
        LatencyComparison latency = report.latency().orElseThrow();
        say(
                "| %s | %s | %s | %s | %s | %s | %.2f → %.2f | %s |",
                name(file),
                outcome(report.verification()),
                difference(report.verification()),
                change(report.original().cost().parameters(), report.pruned().cost().parameters(), 1),
                change(report.original().cost().macs(), report.pruned().cost().macs(), 1),
                change(report.original().cost().bytes(), report.pruned().cost().bytes(), 1000),
                latency.originalNanos() / 1e6,
                latency.prunedNanos() / 1e6,
                kept(report.plan().frozen()));
    }

    private static String outcome(Verification verification) {
        return verification.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String difference(Verification verification) {
        return String.format(Locale.ROOT, "%.1e (%.0e)", verification.maxRelative(), verification.tolerance());
    }

    private static String change(long before, long after, long unit) {
        return String.format(
                Locale.ROOT, "%,d → %,d (%.0f %%)", before / unit, after / unit, 100.0 * after / Math.max(1, before));
    }

    /** Reasons with how many classes of indices each keeps, the most frequent first. */
    private static String kept(List<FrozenAxis> frozen) {
        Map<String, Integer> classes = new TreeMap<>();
        for (FrozenAxis axis : frozen) {
            if (axis.operator().equals("Conv") || axis.operator().equals("ConvTranspose")) {
                // Filters that are made of smaller numbers are values like others: their height and width are told too.
                continue;
            }
            classes.merge(axis.operator() + ": " + axis.reason(), axis.classes(), Integer::sum);
        }
        return classes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(REASONS)
                .map(each -> each.getValue() + " by " + each.getKey().replaceAll("'([^']{30})[^']*'", "'$1…'"))
                .collect(Collectors.joining("; "));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".tflite", "");
    }

    private static List<Path> networks(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tflite"))
                    .sorted()
                    .toList();
        }
    }

    private static double mean(List<Double> ratios) {
        return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
