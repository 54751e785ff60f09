import io.espalier.api.Espalier;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Measures accuracy over the multiply-accumulates that are kept, a line of tab-separated values for each point (series, share of
 * multiply-accumulates, share of parameters, accuracy), and draws such lines as a picture.
 */
public final class Curve {

    private Curve() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 5 && arguments[0].equals("measure")) {
            measure(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]), arguments[4].split(","));
        } else if (arguments.length > 3 && arguments[0].equals("draw")) {
            draw(Path.of(arguments[1]), arguments[2], List.of(arguments).subList(3, arguments.length));
        } else {
            System.err.println("Curve measure MODEL CALIBRATION DATA TARGET,TARGET,...\nCurve draw PNG TITLE POINTS...");
            System.exit(2);
        }
    }

    private static void measure(Path model, Path calibration, Path data, String[] targets) throws IOException {
        Map<String, UnaryOperator<PruneRequest>> series = new LinkedHashMap<>();
        series.put("Espalier, 1,024 images", request -> request.calibration(calibration));
        series.put("... channels chosen at random", request -> request.calibration(calibration)
                .criterion("random")
                .allocator("uniform"));
        series.put("Espalier, inputs made from the model", request -> request.calibration(Path.of("synthetic")));
        series.put("Espalier, batch-norm statistics only", request -> request.repair("bn", calibration));
        series.put("Espalier, not repaired", request -> request);
        Path pruned = Files.createTempDirectory("curve").resolve("pruned.onnx");
        try (Espalier espalier = Espalier.open()) {
            for (Map.Entry<String, UnaryOperator<PruneRequest>> entry : series.entrySet()) {
                for (String target : targets) {
                    PruneRequest request = espalier.prune(model)
                            .target("macs=" + target + "%")
                            .data(data)
                            .withoutLatency();
                    print(entry.getKey(), entry.getValue().apply(request).to(pruned));
                }
            }
        }
    }

    private static void print(String series, PruneResult result) {
        System.out.printf(
                Locale.ROOT,
                "%s\t%.3f\t%.3f\t%.2f%n",
                series,
                (double) result.pruned().cost().macs() / result.original().cost().macs(),
                (double) result.pruned().cost().parameters()
                        / result.original().cost().parameters(),
                100 * result.pruned().evaluation().orElseThrow().value());
    }

    private static void draw(Path picture, String title, List<String> files) throws IOException {
        Map<String, List<double[]>> series = new LinkedHashMap<>();
        for (String file : files) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] fields = line.split("\t");
                double[] point = {100 * Double.parseDouble(fields[1]), Double.parseDouble(fields[3])};
                series.computeIfAbsent(fields[0], each -> new ArrayList<>()).add(point);
            }
        }
        XYChart chart = new XYChartBuilder()
                .width(920)
                .height(460)
                .title(title)
                .xAxisTitle("multiply-accumulates kept, %")
                .yAxisTitle("accuracy, %")
                .theme(ChartTheme.XChart)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        chart.getStyler().setYAxisMax(100.0).setYAxisMin(0.0).setXAxisMin(0.0).setXAxisMax(100.0);
        series.forEach((name, points) -> add(chart, name, points));
        BitmapEncoder.saveBitmap(chart, picture.toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static void add(XYChart chart, String name, List<double[]> points) {
        points.sort((one, other) -> Double.compare(one[0], other[0]));
        XYSeries added = chart.addSeries(
                name,
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> point[1]).toArray());
        added.setMarker(SeriesMarkers.CIRCLE);
        if (!name.startsWith("Espalier") && !name.startsWith("...")) {
            added.setLineStyle(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {5, 4}, 0));
        }
    }
}
