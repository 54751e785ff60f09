package io.espalier.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;

/** A picture of a report. Not thread-safe. */
public final class Figure {

    /** Pixels of a PNG for each point, so that it is sharp on dense screens. */
    private static final int DENSITY = 2;

    private final int run;
    private final String name;
    private final String title;
    private final Chart<?, ?> chart;

    /**
     * A picture.
     *
     * @param run the run it belongs to, from 1; 0 for all of them
     */
    Figure(int run, String name, String title, Chart<?, ?> chart) {
        this.run = run;
        this.name = name;
        this.title = title;
        this.chart = chart;
    }

    /** A name for a file, without an ending: {@code widths}, and of the second run {@code 2.widths}. */
    public String name() {
        return run > 1 ? run + "." + name : name;
    }

    /** What it shows. */
    public String title() {
        return title;
    }

    int run() {
        return run;
    }

    /** The picture as PNG. */
    public byte[] png() {
        BufferedImage image =
                new BufferedImage(DENSITY * chart.getWidth(), DENSITY * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(DENSITY, DENSITY);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The picture as SVG, encoded as UTF-8. */
    public byte[] svg() {
        Document document = SvgDocuments.empty();
        SVGGraphics2D graphics = new SVGGraphics2D(document);
        graphics.setSVGCanvasSize(new java.awt.Dimension(chart.getWidth(), chart.getHeight()));
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        StringWriter text = new StringWriter();
        try {
            graphics.stream(text, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
