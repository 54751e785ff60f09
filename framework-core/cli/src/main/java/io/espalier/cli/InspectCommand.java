package io.espalier.cli;

import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.explain.AxisExplainer;
import io.espalier.engine.coupling.explain.AxisExplanation;
import io.espalier.engine.coupling.explain.AxisExplanation.Part;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.graph.cost.Cost;
import io.espalier.host.Catalogue;
import io.espalier.spi.criterion.ParameterRole;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what can be pruned, what cannot and why, and what the model costs. */
@Command(
        name = "inspect",
        header = "Show what can be pruned, what cannot and why, and what the model costs.",
        footer = {
            "  espalier inspect model.onnx",
            "  espalier inspect model.onnx -v",
            "  espalier inspect encoder.onnx --dim batch=1 --dim sequence=256 --json",
            "  espalier inspect model.onnx --axis layer1.0.conv1.weight:0",
            "  espalier inspect model.onnx --axis layer1.0.conv1.weight:0 --dot > coupling.dot"
        })
final class InspectCommand extends AbstractCommand {

    private static final int AXES_SHOWN = 3;

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

    @Option(
            names = "--dim",
            paramLabel = "NAME=EXTENT",
            description = "The extent of a symbolic axis for costs; may be given several times.")
    private Map<String, Long> dims = new LinkedHashMap<>();

    @Option(
            names = "--axis",
            paramLabel = "NAME:AXIS",
            description = "Explain one axis of a value or weight, counted from 0: with which parameters it is"
                    + " coupled, through which operators, or what keeps it from being pruned.")
    private String axis;

    @Option(
            names = "--dot",
            description = "Print the coupling as a graph for Graphviz: of the axis given with --axis, else of all"
                    + " groups.")
    private boolean dot;

    InspectCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        if (dot && common.json) {
            throw Failure.usage("--dot and --json are two forms of the result; leave one out");
        }
        try (Catalogue catalogue = loadPlugins();
                Inspection inspection = Inspection.of(catalogue, model, dims)) {
            limit().of(inspection.shapes().problems()).forEach(this::say);
            if (axis != null) {
                explain(inspection);
            } else if (dot) {
                CouplingDot.lines(inspection.explainer().explainGroups()).forEach(this::print);
            } else if (common.json) {
                print(Json.text(InspectJson.of(inspection)));
            } else {
                printCosts(inspection);
                printGroups(inspection);
                printBarriers(Blocked.in(inspection.coupling()));
                printStatistics(inspection.coupling().statistics());
            }
        }
        return ExitCode.OK;
    }

    private void explain(Inspection inspection) {
        AxisExplainer explainer = inspection.explainer();
        AxisName asked = AxisName.parse(axis, explainer);
        List<AxisExplanation> explanations = explainer.explain(asked.name(), asked.axis());
        Function<Part, Cost> saved = part -> inspection.saved(part.channel().orElseThrow());
        if (dot) {
            CouplingDot.lines(explanations.stream()
                            .flatMap(each -> each.parts().stream())
                            .toList())
                    .forEach(this::print);
        } else if (common.json) {
            print(Json.text(AxisJson.of(explanations, saved)));
        } else {
            AxisText text = new AxisText(limit(), saved);
            explanations.forEach(each -> text.lines(each).forEach(this::print));
        }
    }

    private void printCosts(Inspection inspection) {
        String extents = inspection.costs().symbols().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
        new Table(Align.LEFT, Align.RIGHT, Align.LEFT)
                .row(
                        "operators",
                        Figures.count(inspection.model().graph().nodes().size()))
                .row("parameters", Figures.count(inspection.costs().total().parameters()))
                .row(
                        "MACs",
                        Figures.count(inspection.costs().total().macs()),
                        extents.isEmpty() ? "" : "where " + extents)
                .row("file size", Figures.count(inspection.model().byteSize()), "bytes")
                .lines(0)
                .forEach(this::print);
    }

    private void printGroups(Inspection inspection) {
        heading("Groups: " + Figures.count(inspection.groups().size()) + ", with "
                + Figures.count(inspection.prunableChannels()) + " coupled channels that can be removed");
        Table table = new Table(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        if (!inspection.groups().isEmpty()) {
            table.row("group", "channels", "parameters/channel", "prunes");
        }
        for (Group group : inspection.groups()) {
            table.row(
                    Integer.toString(group.id()),
                    Figures.count(group.channels().size()),
                    Figures.count(inspection.parametersPerChannel(group)),
                    labelledAxes(group));
        }
        table.lines(2).forEach(this::print);
    }

    /** The parameters that compute the group, then the others; all of them only when more was asked for. */
    private String labelledAxes(Group group) {
        List<LabelledAxis> labelledAxes = group.labelledAxes().stream()
                .sorted(Comparator.comparing(each -> each.role() != ParameterRole.PRODUCER))
                .toList();
        int shown = common.verbose ? labelledAxes.size() : Math.min(AXES_SHOWN, labelledAxes.size());
        String listed = labelledAxes.subList(0, shown).stream()
                .map(each -> each.use() + "[" + each.axis() + "] " + Json.word(each.role()))
                .collect(Collectors.joining(", "));
        return shown == labelledAxes.size() ? listed : listed + " and " + (labelledAxes.size() - shown) + " more";
    }

    private void printBarriers(List<Blocked> blocked) {
        if (blocked.isEmpty()) {
            return;
        }
        heading("Barriers: channels that cannot be removed, and why");
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT);
        limit().of(blocked)
                .forEach(one -> table.row(
                        Figures.count(one.classes()),
                        one.classes() == 1 ? "channel" : "channels",
                        one.barrier().toString()));
        table.lines(2).forEach(this::print);
        limit().omitted(blocked).ifPresent(this::print);
    }

    private void printStatistics(List<StatisticCoupling> statistics) {
        if (statistics.isEmpty()) {
            return;
        }
        heading(
                "Statistics over channels that can be removed: allowed; they are then taken over the channels that are kept");
        Table table = new Table(Align.LEFT, Align.LEFT);
        limit().of(statistics)
                .forEach(one -> table.row(
                        one.operator(), "'" + one.node() + "', axis " + one.axis() + " of '" + one.value() + "'"));
        table.lines(2).forEach(this::print);
        limit().omitted(statistics).ifPresent(this::print);
    }

    private void heading(String text) {
        print("");
        print(outStyle().strong(text));
    }
}
