package io.espalier.report;

import java.awt.Color;
import org.knowm.xchart.style.AxesChartStyler;

/** What all figures look like. */
final class ChartStyle {

    static final Color LEAF = new Color(0x23703f);
    static final Color SKY = new Color(0x2b5f9e);
    static final Color GONE = new Color(0xd4dbd2);

    /** Colours that are told apart. */
    static final Color[] HUES = {
        LEAF,
        SKY,
        new Color(0xb3372f),
        new Color(0xc77a16),
        new Color(0x6b4a9b),
        new Color(0x14808a),
        new Color(0x8a5a33),
        new Color(0x4d4d4d)
    };

    private ChartStyle() {}

    static void plain(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setLegendVisible(false).setChartTitleVisible(false);
        styler.setPlotGridLinesColor(GONE).setPlotBorderVisible(false);
    }
}
