package io.espalier.cli;

import io.espalier.api.AxisExplanation;
import io.espalier.api.CoupledAxis;
import io.espalier.api.Espalier;
import io.espalier.api.Frozen;
import io.espalier.api.Inspection;
import io.espalier.api.Inspection.Given;
import io.espalier.api.Inspection.Group;
import io.espalier.api.Statistic;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.spi.criterion.ParameterRole;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    private static final int ELEMENTS_SHOWN = 8;

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

    @Mixin
    private InputsOption inputs;

    @Mixin
    private BudgetOption budget;

    InspectCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        if (dot && common.json) {
            throw Failure.usage("--dot and --json are two forms of the result; leave one out");
        }
        try (Espalier espalier = open(budget.budget());
                Inspection inspection = espalier.inspect(model, dims, inputs.values())) {
            limit().of(inspection.problems()).forEach(this::say);
            if (axis != null) {
                explain(inspection);
            } else if (dot) {
                CouplingDot.lines(inspection.explainGroups()).forEach(this::print);
            } else if (common.json) {
                print(Json.text(InspectJson.of(inspection)));
            } else {
                printCosts(inspection);
                printGroups(inspection);
                printBlocks(inspection);
                printBarriers(inspection);
                printStatistics(inspection);
            }
        }
        return ExitCode.OK;
    }

    private void explain(Inspection inspection) {
        List<AxisExplanation> explanations = inspection.explain(axis);
        if (dot) {
            CouplingDot.lines(explanations.stream()
                            .flatMap(each -> each.parts().stream())
                            .toList())
                    .forEach(this::print);
        } else if (common.json) {
            print(Json.text(AxisJson.of(explanations)));
        } else {
            AxisText text = new AxisText(limit());
            explanations.forEach(each -> text.lines(each).forEach(this::print));
        }
    }

    private void printCosts(Inspection inspection) {
        String extents = inspection.extents().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
        Table table = new Table(Align.LEFT, Align.RIGHT, Align.LEFT)
                .row("operators", Figures.count(inspection.operators()))
                .row("parameters", Figures.count(inspection.cost().parameters()))
                .row("MACs", Figures.count(inspection.cost().macs()), extents.isEmpty() ? "" : "where " + extents)
                .row("file size", Figures.count(inspection.cost().bytes()), "bytes");
        table.lines(0).forEach(this::print);
        inspection.given().forEach(given -> print("given       " + text(given)));
    }

    /** Name, extents and first elements of an input that was given a value. */
    private static String text(Given given) {
        List<Double> elements = given.elements();
        String first = elements.stream()
                .limit(ELEMENTS_SHOWN)
                .map(value -> value == Math.rint(value) ? Figures.width(value) : Figures.plain(value))
                .collect(Collectors.joining(", "));
        return Clean.text(given.input()) + " = " + first
                + (elements.size() > ELEMENTS_SHOWN
                        ? " and " + Figures.count(elements.size() - ELEMENTS_SHOWN) + " more"
                        : "")
                + (given.shape().isEmpty() ? "" : ", extents " + given.shape());
    }

    private void printGroups(Inspection inspection) {
        List<Group> groups = inspection.groups();
        heading("Groups: " + Figures.count(groups.size()) + ", with " + Figures.count(inspection.prunableChannels())
                + " coupled channels (units) that can be removed");
        Table table = new Table(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT);
        if (!groups.isEmpty()) {
            table.row("group", "units", "channels/unit", "parameters/unit", "layer", "prunes");
        }
        for (Group group : groups) {
            table.row(
                    Integer.toString(group.id()),
                    Figures.count(group.channels()),
                    Figures.width(group.layer().channelsPerUnit()),
                    Figures.count(group.parametersPerChannel()),
                    group.layer().name(),
                    axes(group));
        }
        table.lines(2).forEach(this::print);
    }

    /** The parameters that compute the group, then the others; all of them only when more was asked for. */
    private String axes(Group group) {
        List<CoupledAxis> axes = group.axes().stream()
                .sorted(Comparator.comparing(each -> each.role() != ParameterRole.PRODUCER))
                .toList();
        int shown = common.verbose ? axes.size() : Math.min(AXES_SHOWN, axes.size());
        String listed = axes.subList(0, shown).stream()
                .map(each -> each + " " + Json.word(each.role()))
                .collect(Collectors.joining(", "));
        return shown == axes.size() ? listed : listed + " and " + (axes.size() - shown) + " more";
    }

    private void printBlocks(Inspection inspection) {
        List<Inspection.Block> blocks = inspection.blocks();
        if (blocks.isEmpty()) {
            return;
        }
        heading("Residual blocks: " + Figures.count(blocks.size()) + " that --depth can leave out");
        Table table = new Table(Align.RIGHT, Align.RIGHT, Align.LEFT).row("parameters", "MACs", "layers");
        limit().of(blocks)
                .forEach(block -> table.row(
                        Figures.count(block.parameters()),
                        Figures.count(block.macs()),
                        String.join(", ", block.layers())));
        table.lines(2).forEach(this::print);
        limit().omitted(blocks).ifPresent(this::print);
    }

    private void printBarriers(Inspection inspection) {
        List<Frozen> frozen = inspection.frozen();
        if (frozen.isEmpty()) {
            return;
        }
        heading("Barriers: channels that cannot be removed, and why");
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT);
        limit().of(frozen)
                .forEach(one -> table.row(
                        Figures.count(one.count()),
                        one.count() == 1 ? "channel" : "channels",
                        one.barrier().text(one.layer())));
        table.lines(2).forEach(this::print);
        limit().omitted(frozen).ifPresent(this::print);
    }

    private void printStatistics(Inspection inspection) {
        List<Statistic> statistics = inspection.statistics();
        if (statistics.isEmpty()) {
            return;
        }
        heading(
                "Statistics over channels that can be removed: allowed; they are then taken over the channels that are kept");
        Table table = new Table(Align.LEFT, Align.LEFT);
        limit().of(statistics)
                .forEach(one -> table.row(
                        one.operator(), "'" + one.layer() + "', axis " + one.axis() + " of '" + one.value() + "'"));
        table.lines(2).forEach(this::print);
        limit().omitted(statistics).ifPresent(this::print);
    }

    private void heading(String text) {
        print("");
        print(outStyle().strong(text));
    }
}
