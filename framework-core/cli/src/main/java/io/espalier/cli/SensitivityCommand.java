package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Cost;
import io.espalier.api.DataFile;
import io.espalier.api.Espalier;
import io.espalier.api.PruneRequest;
import io.espalier.api.Sensitivity;
import io.espalier.api.Sensitivity.GroupCuts;
import io.espalier.api.Sensitivity.OneCut;
import io.espalier.api.Sensitivity.Ways;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what it costs to cut each group of coupled channels alone. */
@Command(
        name = "sensitivity",
        header = "Show what it costs to cut each group of coupled channels alone, weights repaired.",
        description =
                "Every group is cut to every share as 'prune' would cut it, and measured. Without --calibration nothing is"
                        + " repaired.",
        footer = {
            "  espalier sensitivity model.onnx --data valid.npz --calibration train.npz",
            "  espalier sensitivity model.onnx --data valid.npz --keep 75%%,50%%,25%% --json",
            "  espalier sensitivity model.onnx --data valid.npz --curves curves.tsv --figure curves.svg"
        })
final class SensitivityCommand extends RunCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

    @Option(
            names = "--data",
            paramLabel = "FILE[:PART]",
            required = true,
            description = "Labelled examples that measure, as in 'prune'.")
    private List<String> data = new ArrayList<>();

    @Mixin
    private CalibrationOptions calibration;

    @Option(names = "--no-repair", description = "Measure right after the cut, though --calibration is given.")
    private boolean noRepair;

    @Option(
            names = "--keep",
            paramLabel = "SHARE",
            split = ",",
            defaultValue = "75%,50%,25%",
            description = "What remains of a group, in percent; several separated by commas (default: 75%%,50%%,25%%).")
    private List<String> keep = new ArrayList<>();

    @Option(
            names = "--ways",
            paramLabel = "best|each|first",
            defaultValue = "best",
            description =
                    "Which ways of the recipe to choose channels: the one that 'prune' would take of all, each, or the first without"
                            + " a comparison, which is faster (default: best).")
    private String ways = "best";

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description = "Only groups whose channels layers of this name compute; may be given several times.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--curves",
            paramLabel = "FILE",
            description = "Write what each group loses as a table for '--allocator sensitivity'.")
    private Path curves;

    @Option(names = "--figure", paramLabel = "FILE", description = "Draw it: a file that ends with .svg or .png.")
    private Path figure;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of everything random (default: 0).")
    private long seed;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private InputsOption inputs;

    @Mixin
    private BudgetOption budget;

    SensitivityCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        List<Integer> shares = keep.stream().map(SensitivityCommand::share).toList();
        Ways wanted = ways();
        SensitivityFiles files = new SensitivityFiles(Optional.ofNullable(curves), Optional.ofNullable(figure));
        try (Espalier espalier = open(budget.budget());
                RunMetrics metrics = metrics(espalier)) {
            Sensitivity found =
                    watched(request(espalier), List.of(metrics), asked -> asked.sensitivity(shares, wanted));
            files.write(found);
            found.notes().forEach(this::say);
            if (common.json) {
                ObjectNode json = json(found);
                files.paths().forEach((what, file) -> json.put(what, file.toString()));
                print(Json.text(json));
            } else {
                SensitivityText.lines(found, shares, wanted).forEach(this::print);
                files.paths().forEach(this::printPath);
            }
        }
        return ExitCode.OK;
    }

    private PruneRequest request(Espalier espalier) {
        PruneRequest request = calibration.applyTo(espalier.prune(model)
                .seed(seed)
                .only(only.toArray(String[]::new))
                .inputs(inputs.values())
                .threads(threads.count())
                .data(data.stream().map(DataFile::parse).toList()));
        return noRepair ? request.withoutRepair() : request;
    }

    private Ways ways() {
        return Arrays.stream(Ways.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(ways))
                .findFirst()
                .orElseThrow(() -> Failure.usage("--ways cannot be '" + ways + "'; give best, each or first"));
    }

    private static int share(String typed) {
        String number = typed.strip().replaceFirst("%$", "");
        if (!number.matches("[1-9]\\d?")) {
            throw Failure.usage(
                    "--keep cannot be '" + typed + "'; give percentages from 1% to 99%, such as 75%,50%,25%");
        }
        return Integer.parseInt(number);
    }

    private ObjectNode json(Sensitivity found) {
        ObjectNode json = Json.document("sensitivity");
        json.put("model", model.toString());
        json.set("original", cost(found.original()));
        json.put("metric", found.evaluation().metric());
        json.put("value", found.evaluation().value());
        json.put("examples", found.evaluation().examples());
        found.compensator().ifPresent(name -> json.put("repair", name));
        for (GroupCuts group : found.groups()) {
            ObjectNode each = json.withArray("/groups")
                    .addObject()
                    .put("name", group.name())
                    .put("layer", group.layer())
                    .put("channels", group.channels());
            for (OneCut cut : group.cuts()) {
                ObjectNode one = each.withArray("/cuts").addObject();
                one.put("share", cut.share()).put("kept", cut.kept()).put("value", cut.value());
                one.put("way", cut.way()).put("taken", cut.isTaken());
                one.setAll(cost(cut.cost()));
            }
        }
        return json;
    }

    private static ObjectNode cost(Cost cost) {
        return Json.object()
                .put("parameters", cost.parameters())
                .put("macs", cost.macs())
                .put("bytes", cost.bytes());
    }
}
