package io.espalier.plugin.csv;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.data.GzipFiles;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads tables in CSV files, one example a row, plain or compressed with gzip.
 *
 * <p>Delimiter and header are found by content. Columns that are called like the inputs of a model feed these; else all
 * columns of numbers together are the array {@code features}. The column of labels becomes {@code label}; class names are
 * counted in the order of their code points. The file is read twice, and its numbers are held in memory: at most 1 GiB, or
 * half of the heap if that is less.
 */
public final class CsvTableReader implements DatasetReader {

    private static final String AUTO = "auto";
    private static final long MAX_HEAP_BYTES = 1L << 30;
    private static final int HEAD_BYTES = 4096;

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String description() {
        return "Tables of numbers in CSV files, also gzipped, with a column of labels.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.text("delimiter", AUTO, "what parts cells: comma, semicolon, tab, bar or a character"),
                OptionSpec.choice("header", List.of(AUTO, "yes", "no"), "whether the first row names the columns"),
                OptionSpec.text(
                        "label",
                        AUTO,
                        "column of labels: its name, its number from 1, first, last or none; auto: label, class, target or"
                                + " y, else what the model leaves over"),
                OptionSpec.text(
                        "classes", AUTO, "names of the classes in order, parted by commas; auto: by code point"),
                OptionSpec.text("ignore", "none", "columns to leave out, by name or number, parted by commas"));
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        byte[] decoded = GzipFiles.head(head);
        boolean whole = head.length < HEAD_BYTES && decoded.length < GzipFiles.MOST_HEAD_BYTES;
        String text = new String(decoded, StandardCharsets.UTF_8);
        boolean plain = text.chars().allMatch(each -> each == '\t' || each == '\r' || each == '\n' || each >= ' ');
        return plain && Layout.of(text, whole).isTable();
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        context.checkCancelled();
        Columns wanted = new Columns(
                options.text("label"), list(options.text("classes"), AUTO), list(options.text("ignore"), "none"));
        return open(
                new CsvFile(file, delimiter(options.text("delimiter")), options.text("header"), context),
                wanted,
                Math.min(MAX_HEAP_BYTES, Runtime.getRuntime().maxMemory() / 2));
    }

    static Dataset open(CsvFile file, Columns wanted, long heapBytes) {
        return CsvData.of(CsvTable.read(file, wanted, heapBytes));
    }

    private static char delimiter(String text) {
        return switch (text) {
            case AUTO -> CsvFile.FOUND;
            case "comma" -> ',';
            case "semicolon" -> ';';
            case "tab", "\\t" -> '\t';
            case "bar" -> '|';
            default -> single(text);
        };
    }

    private static char single(String text) {
        if (text.length() != 1 || "\"\r\n".contains(text)) {
            throw new InvalidInputException("the data option 'delimiter' cannot be '" + text
                    + "': expected comma, semicolon, tab, bar or one character");
        }
        return text.charAt(0);
    }

    private static List<String> list(String text, String nothing) {
        return text.equals(nothing)
                ? List.of()
                : List.of(text.split(",", -1)).stream().map(String::trim).toList();
    }
}
