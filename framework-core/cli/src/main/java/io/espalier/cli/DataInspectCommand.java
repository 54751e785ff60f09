package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.DataReport;
import io.espalier.api.Espalier;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a model would see of some examples. */
@Command(
        name = "inspect",
        header = "Show arrays, ranges and labels of examples, as a model would see them.",
        description = "With --for, arrays are matched with the inputs of the model, checked, and shown after all"
                + " conversions. All examples are read.",
        footer = {
            "  espalier data inspect train-images-idx3-ubyte.gz --for model.onnx --data-option scale=1/255",
            "  espalier data inspect calibration.npz --json"
        })
final class DataInspectCommand extends AbstractCommand {

    @Mixin
    private DataOptions options;

    @Mixin
    private BudgetOption budget;

    DataInspectCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Espalier espalier = open(budget.budget())) {
            DataReport report = options.request(espalier).inspect();
            if (common.json) {
                print(Json.text(json(report)));
            } else {
                report.notes().forEach(this::say);
                show(report);
            }
        }
        return ExitCode.OK;
    }

    private void show(DataReport report) {
        print(Figures.count(report.examples(), "example"));
        Table table = new Table(
                Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT);
        table.row("array", "input", "type", "shape", "smallest", "largest", "mean", "deviation");
        report.arrays()
                .forEach(each -> table.row(
                        each.name(),
                        each.input().orElse(""),
                        each.type(),
                        each.shape().toString(),
                        number(each.smallest()),
                        number(each.largest()),
                        number(each.mean()),
                        number(each.deviation())));
        table.lines(0).forEach(this::print);
        if (!report.classes().isEmpty()) {
            print("");
            Table classes = new Table(Align.RIGHT, Align.RIGHT);
            classes.row("class", "examples");
            limit().of(report.classes().entrySet().stream().toList())
                    .forEach(each -> classes.row(Long.toString(each.getKey()), Figures.count(each.getValue())));
            classes.lines(0).forEach(this::print);
            limit().omitted(report.classes().entrySet().stream().toList()).ifPresent(this::print);
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static ObjectNode json(DataReport report) {
        ObjectNode json = Json.document("data");
        json.put("examples", report.examples());
        ArrayNode arrays = json.putArray("arrays");
        for (DataReport.Array each : report.arrays()) {
            ObjectNode array = arrays.addObject().put("name", each.name());
            each.input().ifPresent(input -> array.put("input", input));
            array.put("type", each.type());
            each.shape().forEach(array.putArray("shape")::add);
            array.put("smallest", each.smallest());
            array.put("largest", each.largest());
            array.put("mean", each.mean());
            array.put("deviation", each.deviation());
        }
        ArrayNode classes = json.putArray("classes");
        for (Map.Entry<Long, Long> each : report.classes().entrySet()) {
            classes.addObject().put("class", each.getKey()).put("examples", each.getValue());
        }
        report.notes().forEach(json.putArray("notes")::add);
        return json;
    }
}
