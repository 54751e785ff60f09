package io.espalier.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws trade-off curves: those of other tools dashed. */
final class TradeOffFigure {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 360;
    private static final int LEGEND_LINE = 24;
    private static final double PERCENT = 100;
    private static final BasicStroke SOLID = new BasicStroke(2);
    private static final BasicStroke DASHED =
            new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {6, 4}, 0);
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP
    };

    private TradeOffFigure() {}

    /**
     * Curves in one picture, with a legend when there are several; empty when there are not two points.
     *
     * @param run the run that they belong to, from 1; 0 for all of them
     */
    static Optional<Figure> of(int run, String name, String title, List<TradeOffCurve> curves) {
        return of(run, name, title, "MACs", curves);
    }

    /**
     * Curves in one picture.
     *
     * @param cost what their points cost, in a word
     */
    static Optional<Figure> of(int run, String name, String title, String cost, List<TradeOffCurve> curves) {
        if (curves.stream().mapToInt(each -> each.points().size()).sum() < 2) {
            return Optional.empty();
        }
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(curves.size() > 1 ? HEIGHT + LEGEND_LINE * curves.size() : HEIGHT)
                .xAxisTitle(cost + " left, %")
                .yAxisTitle(TradeOffCurve.metric(curves) + ", %")
                .build();
        ChartStyle.plain(chart.getStyler());
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(PERCENT);
        if (curves.size() > 1) {
            chart.getStyler()
                    .setLegendVisible(true)
                    .setLegendPosition(LegendPosition.OutsideS)
                    .setLegendLayout(LegendLayout.Vertical)
                    .setLegendBorderColor(Color.WHITE)
                    .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < curves.size(); i++) {
            TradeOffCurve curve = curves.get(i);
            // A series needs a name of its own.
            draw(chart, i, names.add(curve.name()) ? curve : curve.named(curve.name() + " (" + (i + 1) + ")"));
        }
        return Optional.of(new Figure(run, name, title, chart));
    }

    private static void draw(XYChart chart, int number, TradeOffCurve curve) {
        XYSeries series =
                chart.addSeries(curve.name(), percent(curve, TradeOff::macs), percent(curve, TradeOff::quality));
        series.setMarker(MARKERS[number % MARKERS.length])
                .setMarkerColor(ChartStyle.HUES[number % ChartStyle.HUES.length])
                .setLineColor(ChartStyle.HUES[number % ChartStyle.HUES.length])
                .setLineStyle(curve.isPeer() ? DASHED : SOLID);
    }

    private static double[] percent(TradeOffCurve curve, ToDoubleFunction<TradeOff> share) {
        return curve.points().stream()
                .mapToDouble(each -> PERCENT * share.applyAsDouble(each))
                .toArray();
    }
}
