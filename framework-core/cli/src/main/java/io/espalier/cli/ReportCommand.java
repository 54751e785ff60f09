package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.report.Figure;
import io.espalier.report.RunReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a report of runs. */
@Command(
        name = "report",
        header = "Write a report of runs that are over: an HTML page that needs no network, or Markdown.",
        description = {
            "Shows what was asked, before and after, the proof, widths of layers, scores, the repair, barriers,",
            "and how to do it again; several runs side by side, with a trade-off curve of those that differ by",
            "their targets only. The ending of the output decides what is written: .html or .md. Figures are",
            "files beside it, with its name before theirs."
        },
        footer = {
            "  espalier report pruned.onnx",
            "  espalier report small.onnx smaller.onnx smallest.onnx -o three.html --figures png",
            "  espalier report pruned.onnx -o report.md",
            "  espalier report half.onnx third.onnx --points others.tsv -o curves.md --figures png"
        })
final class ReportCommand extends AbstractCommand {

    /** What figures are written as. */
    enum Pictures {
        SVG,
        PNG,
        NONE
    }

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = "The model that a run wrote, or its journal (.events), which lies beside it.")
    private List<Path> runs;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "The report, .html or .md; what was there is replaced (default: that of the first run, with .html).")
    private Path output;

    @Option(
            names = "--figures",
            paramLabel = "KIND",
            description = "Write figures beside the report: svg, png or none (default: svg with Markdown, else none).")
    private Pictures figures;

    @Option(
            names = "--points",
            paramLabel = "FILE",
            description =
                    "Models of other tools to draw beside the runs: a text file of the columns tool, macs, parameters"
                            + " and accuracy, three of them shares from 0 to 1; may be given several times.")
    private List<Path> points = List.of();

    ReportCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Path target = output == null ? beside(runs.get(0)) : output;
        boolean isPage = target.toString().endsWith(".html");
        if (!isPage && !target.toString().endsWith(".md")) {
            throw Failure.usage("a report is an HTML page or Markdown; give -o a name that ends in .html or .md");
        }
        Pictures kind = figures != null ? figures : isPage ? Pictures.NONE : Pictures.SVG;
        List<Path> written = new ArrayList<>();
        try {
            RunReport report = RunReport.read(runs);
            for (Path file : points) {
                report = report.beside(file);
            }
            List<Figure> shown = kind == Pictures.NONE ? List.of() : report.figures();
            for (Figure figure : shown) {
                written.add(
                        WrittenFile.write(target.resolveSibling(name(target, figure, kind)), picture(figure, kind)));
            }
            String text = isPage ? report.html() : report.markdown(shown, each -> name(target, each, kind));
            written.add(0, WrittenFile.write(target, text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw Failure.of(ExitCode.FAILED, e.getMessage(), e);
        }
        tell(written);
        return ExitCode.OK;
    }

    private static Path beside(Path run) {
        return Path.of(run.toString().replaceFirst("\\.events$", "") + ".html");
    }

    private void tell(List<Path> written) {
        if (common.json) {
            ObjectNode json =
                    Json.document("report").put("output", written.get(0).toString());
            written.stream().skip(1).map(Path::toString).forEach(json.putArray("figures")::add);
            print(Json.text(json));
        } else {
            printPath("report", written.get(0));
            written.stream().skip(1).forEach(each -> printPath("figure", each));
        }
    }

    private static String name(Path target, Figure figure, Pictures kind) {
        String name = target.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.')) + "." + figure.name()
                + (kind == Pictures.PNG ? ".png" : ".svg");
    }

    private static byte[] picture(Figure figure, Pictures kind) {
        return kind == Pictures.PNG ? figure.png() : figure.svg();
    }
}
