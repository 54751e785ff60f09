import io.espalier.api.Espalier;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures which way of choosing channels leaves the most accuracy, as one line of tab-separated values for each network, target, way
 * and compensator; widths are not rounded. Lines that the output file has already are not measured again.
 */
public final class Recipes {

    private record Way(String criterion, String aggregate, String normalise, String allocator) {
        @Override
        public String toString() {
            return String.join(" ", criterion, aggregate, normalise, allocator);
        }
    }

    private record Question(Path network, String target, Way way, String repair) {
        @Override
        public String toString() {
            return String.join("\t", network.getFileName().toString(), target, way.toString(), repair);
        }
    }

    private final Path calibration;
    private final Path validation;
    private final Path output;

    private Recipes(Path calibration, Path validation, Path output) {
        this.calibration = calibration;
        this.validation = validation;
        this.output = output;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 6) {
            System.err.println("Recipes CALIBRATION VALIDATION OUTPUT TARGETS REPAIRS WAYS NETWORK...\n"
                    + "  TARGETS  like 50,33 (per cent of the MACs)\n"
                    + "  REPAIRS  like bn,obs\n"
                    + "  WAYS     'all', or like 'l2 sum mean global,random sum none uniform'");
            System.exit(2);
        }
        List<Way> ways = arguments[5].equals("all") ? all() : ways(arguments[5]);
        List<Question> questions = new ArrayList<>();
        for (Way way : ways) {
            for (int i = 6; i < arguments.length; i++) {
                for (String target : arguments[3].split(",")) {
                    for (String repair : arguments[4].split(",")) {
                        questions.add(new Question(Path.of(arguments[i]), target, way, repair));
                    }
                }
            }
        }
        new Recipes(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2])).answer(questions);
    }

    private static List<Way> all() {
        List<Way> ways = new ArrayList<>();
        for (String criterion : List.of("l1", "l2", "fpgm", "lamp")) {
            for (String aggregate : List.of("sum", "mean", "max")) {
                ways.add(new Way(criterion, aggregate, "none", "uniform"));
                for (String normalise : List.of("mean", "sum", "none", "max", "standard")) {
                    for (String allocator : List.of("global", "per-cost", "isomorphic")) {
                        ways.add(new Way(criterion, aggregate, normalise, allocator));
                    }
                }
            }
        }
        ways.add(new Way("random", "sum", "none", "uniform"));
        ways.add(new Way("random", "sum", "none", "global"));
        return ways;
    }

    private static List<Way> ways(String text) {
        List<Way> ways = new ArrayList<>();
        for (String way : text.split(",")) {
            String[] words = way.trim().split(" ");
            ways.add(new Way(words[0], words[1], words[2], words[3]));
        }
        return ways;
    }

    private void answer(List<Question> questions) throws IOException {
        Set<String> known = new HashSet<>();
        if (Files.exists(output)) {
            for (String line : Files.readAllLines(output)) {
                known.add(List.of(line.split("\t")).stream().limit(4).collect(Collectors.joining("\t")));
            }
        }
        Path folder = Files.createTempDirectory("recipes");
        try (Espalier espalier = Espalier.open()) {
            for (Question question : questions) {
                if (known.add(question.toString())) {
                    String line = question + "\t" + answer(espalier, question, folder.resolve("pruned.onnx"));
                    System.out.println(line);
                    Files.writeString(output, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        }
    }

    private String answer(Espalier espalier, Question question, Path pruned) {
        Way way = question.way();
        PruneRequest request = espalier.prune(question.network())
                .target("macs=" + question.target() + "%")
                .criterion(way.criterion())
                .aggregate(way.aggregate())
                .normalise(way.normalise())
                .allocator(way.allocator(), way.allocator().equals("per-cost") ? Map.of("cost", "macs") : Map.of())
                .data(validation)
                .roundTo(1)
                .withoutLatency()
                .threads(1);
        if (!question.repair().equals("none")) {
            request = request.repair(question.repair(), calibration);
        }
        try {
            PruneResult result = request.to(pruned);
            return String.format(
                    Locale.ROOT,
                    "%.4f\t%.4f\t%.4f\t%.3f\t%.3f",
                    result.original().evaluation().orElseThrow().value(),
                    result.evaluationAfterCut().orElse(result.pruned().evaluation().orElseThrow()).value(),
                    result.pruned().evaluation().orElseThrow().value(),
                    (double) result.pruned().cost().macs() / result.original().cost().macs(),
                    (double) result.pruned().cost().parameters() / result.original().cost().parameters());
        } catch (RuntimeException failure) {
            return "failed: " + failure.getMessage().split("\n")[0];
        }
    }
}
