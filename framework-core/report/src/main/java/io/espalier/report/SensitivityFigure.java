package io.espalier.report;

import java.awt.Color;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what each group of coupled channels loses when it is cut alone. */
public final class SensitivityFigure {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final Color OTHERS = new Color(0xb9c4b6);

    private SensitivityFigure() {}

    /**
     * The cuts of a group.
     *
     * @param name its name
     * @param kept shares of its channels that are left, in percent
     * @param change what the metric has changed by at each
     */
    public record Line(String name, double[] kept, double[] change) {

        private double largest() {
            double largest = 0;
            for (double each : change) {
                largest = Math.max(largest, Math.abs(each));
            }
            return largest;
        }
    }

    /**
     * Draws lines, of which those that change most have their names beside.
     *
     * @param unit what the change is counted in
     */
    public static Figure of(List<Line> lines, String unit) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("channels left, %")
                .yAxisTitle("change, " + unit)
                .build();
        ChartStyle.plain(chart.getStyler());
        chart.getStyler().setLegendVisible(true).setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(100.0);
        List<Line> byChange =
                lines.stream().sorted(Comparator.comparingDouble(Line::largest)).toList();
        for (int i = 0; i < byChange.size(); i++) {
            int rank = byChange.size() - 1 - i;
            Line line = byChange.get(i);
            // A series needs a name of its own; two groups may have one name.
            XYSeries series = chart.addSeries((rank + 1) + "  " + line.name(), line.kept(), line.change());
            series.setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(rank < ChartStyle.HUES.length ? ChartStyle.HUES[rank] : OTHERS)
                    .setLineColor(rank < ChartStyle.HUES.length ? ChartStyle.HUES[rank] : OTHERS)
                    .setShowInLegend(rank < ChartStyle.HUES.length);
        }
        return new Figure(0, "sensitivity", "What each group loses alone", chart);
    }
}
