import io.espalier.api.DataFile;
import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.TrainResult;
import io.espalier.api.Training;
import io.espalier.api.When;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints what pruning before, while and after training leaves of one untrained network, at equal MACs and after equal training: Methods
 * MODEL TRAIN TEST DATA_OPTIONS TARGET EPOCHS SEEDS METHOD..., a row for each method.
 *
 * <p>A method is {@code dense}, which is trained and not cut; {@code before:WAY}, {@code during:WAY} or {@code after:WAY}, where WAY is
 * CRITERION/NORMALISATION/ALLOCATOR/CONTROL, with mean, global and none where nothing is said; {@code prepared:REGULARIZER}, whose
 * training prepares for a cut by l2 after it; {@code halfway:REGULARIZER}, which prepares for one cut by l2 in the middle of the
 * training and trains on; {@code settled:SCHEDULE/REGULARIZER}, which cuts when the choice of channels has settled; or
 * {@code rewound:EPOCH/CUTS}, which goes back to the weights of an epoch after each of several cuts. Options of a regularizer follow
 * another colon, {@code weight-decay} among them, and {@code at}, the share of the training before a cut that is not to be in its
 * middle. The test set is measured at the end and decides nothing.
 */
public final class Methods {

    private static final int BATCH = 128;
    private static final double RATE = 0.1;

    /** What came of one training, in shares of one; the accuracy before the cut where a trained network is cut. */
    private record Outcome(Optional<Double> beforeCut, double accuracy, double macs, double parameters, double seconds) {}

    private final Espalier espalier;
    private final Path model;
    private final List<DataFile> train;
    private final List<DataFile> test;
    private final Map<String, String> options;
    private final String target;
    private final int epochs;
    private final Path folder;

    private Methods(Espalier espalier, String... arguments) throws Exception {
        this.espalier = espalier;
        this.model = Path.of(arguments[0]);
        this.train = List.of(DataFile.parse(arguments[1]));
        this.test = List.of(DataFile.parse(arguments[2]));
        this.options = options(arguments[3]);
        this.target = arguments[4];
        this.epochs = Integer.parseInt(arguments[5]);
        this.folder = Files.createTempDirectory("methods");
    }

    public static void main(String... arguments) throws Exception {
        try (Espalier espalier = Espalier.builder()
                .plugins(Path.of(System.getProperty("espalier.home"), "plugins"))
                .build()) {
            Methods methods = new Methods(espalier, arguments);
            System.out.println("| method | before the cut | accuracy | MACs | parameters | seconds |\n|---|---|---|---|---|---|");
            for (String method : Arrays.asList(arguments).subList(7, arguments.length)) {
                methods.row(method, Integer.parseInt(arguments[6]));
            }
        }
    }

    private void row(String method, int seeds) {
        try {
            List<Outcome> outcomes = new ArrayList<>();
            for (int seed = 0; seed < seeds; seed++) {
                outcomes.add(outcome(method, seed));
            }
            Outcome first = outcomes.get(0);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.1f %% | %.1f %% | %.0f |%n",
                    method,
                    first.beforeCut().isEmpty() ? "" : shares(outcomes, each -> each.beforeCut().orElseThrow()),
                    shares(outcomes, Outcome::accuracy),
                    100 * first.macs(),
                    100 * first.parameters(),
                    first.seconds());
        } catch (EspalierException e) {
            System.out.println("| " + method + " | " + e.getMessage() + " | | | | |");
        }
    }

    private static String shares(List<Outcome> outcomes, ToDoubleFunction<Outcome> share) {
        DoubleSummaryStatistics all = outcomes.stream()
                .mapToDouble(each -> 100 * share.applyAsDouble(each))
                .summaryStatistics();
        String mean = String.format(Locale.ROOT, "%.2f", all.getAverage());
        return outcomes.size() == 1
                ? mean
                : String.format(Locale.ROOT, "%s (%.2f to %.2f)", mean, all.getMin(), all.getMax());
    }

    private Outcome outcome(String method, long seed) {
        String[] parts = method.split(":", 2);
        return switch (parts[0]) {
            case "dense" -> dense(seed);
            case "prepared" -> prepared(parts[1], seed);
            case "halfway" -> halfway(parts[1], seed);
            case "settled" -> cutWhile(parts[1].split("/")[0], Map.of(), parts[1].split("/")[1], seed);
            case "rewound" -> rewound(parts[1].split("/"), seed);
            case "before" -> pruned(When.BEFORE, parts[1], seed);
            case "during" -> pruned(When.DURING, parts[1], seed);
            case "after" -> pruned(When.AFTER, parts[1], seed);
            default -> throw new IllegalArgumentException("no method is called " + method);
        };
    }

    private Outcome dense(long seed) {
        TrainResult trained = trained(training(), seed, folder.resolve("dense.onnx"));
        return new Outcome(Optional.empty(), trained.after().orElseThrow().value(), 1, 1, seconds(trained));
    }

    private Outcome prepared(String regularizer, long seed) {
        Path sparse = folder.resolve("sparse.onnx");
        TrainResult trained = trained(regularized(regularizer, Optional.of(target)), seed, sparse);
        PruneResult cut = request(sparse, "l2", seed).withoutRepair().to(folder.resolve("pruned.onnx"));
        return outcome(trained.after().map(each -> each.value()), cut, seconds(trained));
    }

    private Outcome halfway(String regularizer, long seed) {
        String[] parts = regularizer.split(":", 2);
        Map<String, String> chosen = new TreeMap<>(parts.length > 1 ? options(parts[1]) : Map.of());
        String moment = Optional.ofNullable(chosen.remove("at")).orElse("0.5");
        String others = chosen.entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
        return cutWhile("one-shot", Map.of("at", moment), others.isEmpty() ? parts[0] : parts[0] + ":" + others, seed);
    }

    private Outcome cutWhile(String schedule, Map<String, String> settings, String regularizer, long seed) {
        PruneRequest request = request(model, "l2", seed)
                .withoutRepair()
                .schedule(schedule, settings)
                .whileTraining(train, regularized(regularizer, Optional.empty()), When.DURING);
        return cut(request);
    }

    private Outcome rewound(String[] parts, long seed) {
        PruneRequest request = request(model, "l2", seed)
                .withoutRepair()
                .schedule("exponential", Map.of("steps", parts[1]))
                .rewind(Integer.parseInt(parts[0]))
                .whileTraining(train, training(), When.AFTER);
        return cut(request);
    }

    private Outcome cut(PruneRequest request) {
        PruneResult cut = request.to(folder.resolve("pruned.onnx"));
        return outcome(Optional.empty(), cut, cut.elapsed().toMillis() / 1e3);
    }

    /** @param aim what the cut is to leave where the training makes none itself */
    private Training regularized(String regularizer, Optional<String> aim) {
        String[] parts = regularizer.split(":", 2);
        Map<String, String> chosen = new HashMap<>(parts.length > 1 ? options(parts[1]) : Map.of());
        Optional<String> decay = Optional.ofNullable(chosen.remove("weight-decay"));
        Training training = aim.map(each -> training().regularizer(parts[0], chosen, each))
                .orElseGet(() -> training().regularizer(parts[0], chosen));
        return decay.map(each -> training.weightDecay(Double.parseDouble(each))).orElse(training);
    }

    private Outcome pruned(When when, String way, long seed) {
        String[] parts = way.split("/");
        PruneRequest request = request(model, parts[0], seed)
                .normalise(parts.length > 1 ? parts[1] : "mean")
                .allocator(parts.length > 2 ? parts[2] : "global")
                .control(parts.length > 3 ? parts[3] : "none")
                .withoutRepair()
                .whileTraining(train, training(), when);
        return cut(request);
    }

    private static Map<String, String> options(String text) {
        return Stream.of(text.split(",")).map(each -> each.split("=", 2)).collect(Collectors.toMap(each -> each[0], each -> each[1]));
    }

    private static Outcome outcome(Optional<Double> beforeCut, PruneResult cut, double seconds) {
        return new Outcome(
                beforeCut,
                cut.pruned().evaluation().orElseThrow().value(),
                (double) cut.pruned().cost().macs() / cut.original().cost().macs(),
                (double) cut.pruned().cost().parameters() / cut.original().cost().parameters(),
                seconds);
    }

    private static double seconds(TrainResult trained) {
        return trained.elapsed().toMillis() / 1e3;
    }

    private TrainResult trained(Training how, long seed, Path output) {
        return espalier.train(model)
                .examples(train)
                .data(test)
                .dataOptions(options)
                .training(how)
                .seed(seed)
                .threads(1)
                .to(output, epoch -> {});
    }

    private PruneRequest request(Path network, String criterion, long seed) {
        return espalier.prune(network)
                .target(target)
                .criterion(criterion)
                .allocator("global")
                .roundTo(1)
                .data(test)
                .dataOptions(options)
                .seed(seed)
                .threads(1)
                .withoutLatency();
    }

    /** One recipe for all: no epoch is chosen, so none is held back. */
    private Training training() {
        return Training.of(epochs)
                .batch(BATCH)
                .optimizer("sgd", Map.of("nesterov", "true"))
                .learningRate(RATE)
                .rateSchedule("one-cycle", Map.of())
                .augmentation(Map.of("flip", "true", "shift", "2"))
                .validationSplit(0);
    }
}
