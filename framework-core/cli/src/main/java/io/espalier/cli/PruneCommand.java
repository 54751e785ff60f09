package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.run.LatencyOptions;
import io.espalier.engine.run.Outputs;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Decision;
import io.espalier.engine.run.PruningRun;
import io.espalier.engine.run.ReportJson;
import io.espalier.engine.verify.Verification;
import io.espalier.events.EventSink;
import io.espalier.host.Catalogue;
import io.espalier.spi.compensator.WeightCompensator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            "  espalier prune model.onnx --target params=3.2M --criterion lp --criterion-option p=1.5 -o pruned.onnx",
            "  espalier prune model.onnx --plan pruned.onnx.plan.json -o again.onnx"
        })
final class PruneCommand extends RunCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

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

    PruneCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Contradictions.check(model, options, selection, spec.commandLine().getParseResult());
        Forwarding forwarding =
                new Forwarding(Outputs.of(options.output).journal(), delivery, environment.interruption());
        try (Catalogue catalogue = loadPlugins();
                RunMetrics metrics = metrics(catalogue)) {
            metrics.lag(forwarding::missing);
            PruningReport report = forwarding.around(
                    () -> watched(
                            List.of(forwarding, metrics),
                            sinks -> new PruningRun(request(catalogue, sinks)),
                            PruningRun::prune),
                    this::say);
            report.notes().forEach(this::say);
            tell(report.losses());
            metrics.lost(report.losses());
            forwarding.delivery().ifPresent(arrived -> metrics.refused(arrived.refused()));
            print(report, forwarding);
            if (report.verification().outcome() != Verification.Outcome.PROVED) {
                return ExitCode.NOT_PROVED;
            }
            forwarding.requireDelivered();
            return ExitCode.OK;
        }
    }

    private void print(PruningReport report, Forwarding forwarding) {
        if (common.json) {
            ObjectNode json = Json.document("prune");
            json.setAll(ReportJson.json(report));
            forwarding.delivery().ifPresent(arrived -> json.set("kafka", DeliveryJson.json(arrived)));
            print(Json.text(json));
            return;
        }
        ReportText.lines(report, outStyle()).forEach(this::print);
        print("");
        printPath("model", report.files().model());
        printPath("plan", report.files().plan());
        printPath("journal", report.files().journal());
        printPath("report", report.files().report());
    }

    private PruningRequest request(Catalogue catalogue, List<EventSink> sinks) {
        Providers providers = new Providers(catalogue);
        Optional<Decision> decision =
                options.plan == null ? Optional.of(Requests.decision(catalogue, selection)) : Optional.empty();
        Optional<PruningRequest.Repair> repair =
                options.repair == null ? Optional.empty() : Optional.of(repair(providers));
        Optional<Plan> replay = Optional.ofNullable(options.plan).map(PlanFile::read);
        return new PruningRequest(
                Requests.input(catalogue, model),
                decision,
                replay,
                new PruningRequest.Costs(dims),
                Optional.of(options.output),
                new PruningRequest.Data(
                        Optional.ofNullable(options.data).map(file -> providers.dataset("--data", file)),
                        Requests.metric(catalogue, options),
                        latency()),
                repair,
                new PruningRequest.Proof(
                        replay.map(plan -> plan.settings().seed()).orElse(selection.seed),
                        options.acceptUnproved,
                        memory.bytes()),
                trail(catalogue, sinks),
                options.threads);
    }

    private PruningRequest.Repair repair(Providers providers) {
        WeightCompensator compensator = providers.require(WeightCompensator.class, options.repair);
        return new PruningRequest.Repair(
                compensator,
                Providers.options(WeightCompensator.class, compensator, options.repairOptions),
                providers.dataset("--calibration", options.calibration));
    }

    private Optional<LatencyOptions> latency() {
        if (options.noLatency) {
            return Optional.empty();
        }
        LatencyOptions standard = LatencyOptions.DEFAULT;
        return Optional.of(
                options.latencyRuns == null
                        ? standard
                        : new LatencyOptions(standard.warmUp(), options.latencyRuns, standard.seconds()));
    }
}
