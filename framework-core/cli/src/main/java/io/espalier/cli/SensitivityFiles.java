package io.espalier.cli;

import io.espalier.api.Evaluation;
import io.espalier.api.Sensitivity;
import io.espalier.api.Sensitivity.GroupCuts;
import io.espalier.api.Sensitivity.OneCut;
import io.espalier.report.Figure;
import io.espalier.report.SensitivityFigure;
import io.espalier.report.SensitivityFigure.Line;
import io.espalier.spi.metric.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Files that keep what was measured of groups that were cut alone.
 *
 * @param curves the table for the allocator
 * @param figure the picture
 */
record SensitivityFiles(Optional<Path> curves, Optional<Path> figure) {

    SensitivityFiles {
        figure.filter(file -> !isSvg(file) && !file.toString().endsWith(".png")).ifPresent(file -> {
            throw Failure.usage("--figure cannot be '" + file + "'; give a name that ends with .svg or .png");
        });
    }

    /** The files, by what they are. */
    Map<String, Path> paths() {
        Map<String, Path> paths = new LinkedHashMap<>();
        curves.ifPresent(file -> paths.put("curves", file));
        figure.ifPresent(file -> paths.put("figure", file));
        return paths;
    }

    void write(Sensitivity found) {
        if (curves.isPresent()) {
            WrittenFile.write(curves.get(), table(found).getBytes(StandardCharsets.UTF_8));
        }
        if (figure.isPresent()) {
            Figure drawn = drawn(found);
            WrittenFile.write(figure.get(), isSvg(figure.get()) ? drawn.svg() : drawn.png());
        }
    }

    private static boolean isSvg(Path file) {
        return file.toString().endsWith(".svg");
    }

    /** What is lost is a share: of all examples for an accuracy, of the value before for other metrics. */
    private static String table(Sensitivity found) {
        StringBuilder table = new StringBuilder("group\tchannels\tkept\tlost\n");
        for (GroupCuts group : found.groups()) {
            for (OneCut cut : group.taken()) {
                table.append(String.format(
                        Locale.ROOT,
                        "%s\t%d\t%d\t%.6g\n",
                        group.name(),
                        group.channels(),
                        cut.kept(),
                        lost(found.evaluation(), cut.value())));
            }
        }
        return table.toString();
    }

    private static double lost(Evaluation original, double value) {
        double worse = original.higherIsBetter() ? original.value() - value : value - original.value();
        return isShare(original) || original.value() == 0 ? worse : worse / Math.abs(original.value());
    }

    private static boolean isShare(Evaluation evaluation) {
        return evaluation.unit() == Metric.Unit.SHARE;
    }

    private static Figure drawn(Sensitivity found) {
        double times = isShare(found.evaluation()) ? 100 : 1;
        List<Line> lines = new ArrayList<>();
        for (GroupCuts group : found.groups()) {
            List<double[]> points = new ArrayList<>(List.of(new double[] {100, 0}));
            group.taken()
                    .forEach(cut -> points.add(new double[] {
                        100.0 * cut.kept() / group.channels(),
                        times * (cut.value() - found.evaluation().value())
                    }));
            lines.add(new Line(
                    group.layer(),
                    points.stream().mapToDouble(point -> point[0]).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray()));
        }
        return SensitivityFigure.of(
                lines,
                isShare(found.evaluation()) ? "points" : found.evaluation().metric());
    }
}
