package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import io.espalier.api.OutputFiles;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.Search;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prunes a model, proves the result, and shows what was gained. */
@Command(
        name = "prune",
        customSynopsis = "espalier prune (--target METRIC=AMOUNT | --plan FILE) -o FILE [OPTIONS] MODEL",
        header = "Prune a model, prove that the result computes what it should, and show what was gained.",
        description = "The output is written only when it was proved. Give either --target or --plan.",
        footer = {
            "  espalier prune model.onnx --target macs=50%% -o pruned.onnx",
            "  espalier prune model.onnx --target macs=50%% --data test.npz -o pruned.onnx \\",
            "      --repair bn --calibration train.npz",
            "  espalier prune model.onnx --target accuracy=-1 --data valid.npz --calibration train.npz -o pruned.onnx",
            "  espalier prune model.onnx --target params=3.2M --criterion lp --criterion-option p=1.5 -o pruned.onnx",
            "  espalier prune untrained.onnx --target macs=50%% --when before --train train.npz --criterion synflow \\",
            "      --steps 20 -o pruned.onnx",
            "  espalier prune untrained.onnx --target macs=50%% --when during --train train.npz --epochs 20 \\",
            "      --schedule linear:end=0.7 --steps 5 -o pruned.onnx",
            "  espalier prune --config prune.yaml -o pruned.onnx",
            "  espalier prune --from-search pruned.onnx.search.json --pick 3 -o third.onnx",
            "  espalier prune model.onnx --plan pruned.onnx.plan.json -o again.onnx"
        })
final class PruneCommand extends RunCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

    @Mixin
    private ConfigOption config;

    @Mixin
    private PruneOptions options;

    @Mixin
    private SelectionOptions selection;

    @Mixin
    private MemoryOption memory;

    @Mixin
    private DeliveryOptions delivery;

    @Option(
            names = "--dim",
            paramLabel = "NAME=EXTENT",
            description = "The extent of a symbolic axis for costs and latency; may be given several times.")
    private Map<String, Long> dims = new LinkedHashMap<>();

    @Mixin
    private InputsOption inputs;

    @Mixin
    private BudgetOption budget;

    PruneCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Contradictions.check(options, selection, spec.commandLine().getParseResult());
        Forwarding forwarding =
                new Forwarding(OutputFiles.of(options.output).journal(), delivery, environment.interruption());
        try (Espalier espalier = open(budget.budget());
                RunMetrics metrics = metrics(espalier)) {
            metrics.lag(forwarding::missing);
            PruneRequest request = request(espalier);
            PruneResult result = forwarding.around(
                    () -> watched(request, List.of(forwarding, metrics), asked -> asked.to(options.output)), this::say);
            result.notes().forEach(this::say);
            options.search.note(result).ifPresent(this::say);
            tell(result.lostEvents());
            metrics.lost(result.lostEvents());
            forwarding.delivery().ifPresent(arrived -> metrics.refused(arrived.refused()));
            print(result, forwarding);
            if (!result.proof().isProved()) {
                return ExitCode.NOT_PROVED;
            }
            forwarding.requireDelivered();
            return ExitCode.OK;
        }
    }

    private void print(PruneResult result, Forwarding forwarding) {
        if (common.json) {
            ObjectNode json = Json.document("prune");
            json.setAll(Json.parse(result.report()));
            forwarding.delivery().ifPresent(arrived -> json.set("kafka", DeliveryJson.json(arrived)));
            print(Json.text(json));
            return;
        }
        ReportText.lines(result, outStyle()).forEach(this::print);
        print("");
        printPath("model", result.files().model());
        printPath("plan", result.files().plan());
        printPath("journal", result.files().journal());
        printPath("report", result.files().report());
        if (result.search().isPresent()) {
            printPath("search", Search.file(result.files().model()));
        }
        if (selection.isTimed() || result.search().flatMap(Search::latencyTable).isPresent()) {
            printPath("latency", result.files().latencyTable());
        }
        if (options.isBefore() && !options.isScheduled()) {
            printPath("training", result.files().training());
        }
    }

    private PruneRequest request(Espalier espalier) {
        PruneRequest pruning = espalier.prune(model);
        PruneRequest deciding = options.plan == null ? selection.applyTo(pruning) : pruning.plan(options.plan);
        return options.applyTo(deciding.recorded(arguments())
                .extents(dims)
                .inputs(inputs.values())
                .verifyMemory(memory.bytes()));
    }
}
