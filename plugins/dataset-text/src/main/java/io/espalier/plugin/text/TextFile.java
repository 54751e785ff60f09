package io.espalier.plugin.text;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifiers;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.GzipFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/** A file of texts, plain or compressed. */
record TextFile(Path path, RunContext context) {

    /** A character that no text has. */
    static final char NONE = '\u0001';

    /** Stands for no delimiter: a line is one cell. */
    static final char LINES = '\u0002';

    private static final int LONGEST_TEXT = 1 << 20;
    private static final int MOST_COLUMNS = 1 << 10;
    private static final int CHECKED_EVERY = 256;
    private static final String MARK = "\uFEFF";

    /** The first rows of the file, with another delimiter each time: what is wrong with them counts later. */
    List<TextRow> beginning(char delimiter, int most) {
        List<TextRow> rows = new ArrayList<>();
        read(delimiter, row -> {
            rows.add(row);
            return rows.size() < most;
        });
        return rows;
    }

    interface Rows {
        /** Takes a row; whether more are wanted. */
        boolean take(TextRow row);
    }

    /**
     * Hands over all rows in order.
     *
     * @throws InvalidInputException when one cannot be read
     */
    void read(char delimiter, Rows rows) {
        if (!Files.isRegularFile(path)) {
            throw refused(Files.exists(path) ? "it is not a file" : "it does not exist");
        }
        try (Reader in = new InputStreamReader(
                        GzipFiles.open(path),
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT));
                CsvReader<CsvRecord> reader = CsvReader.builder()
                        .fieldSeparator(delimiter)
                        .quoteCharacter(delimiter == LINES || delimiter == '\t' ? NONE : '"')
                        .skipEmptyLines(true)
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .build(
                                CsvRecordHandler.of(each -> each.maxFields(MOST_COLUMNS)
                                        .maxFieldSize(LONGEST_TEXT)
                                        .fieldModifier(FieldModifiers.STRIP)),
                                in)) {
            long read = 0;
            for (CsvRecord each : reader) {
                if (read % CHECKED_EVERY == 0) {
                    context.checkCancelled();
                }
                List<String> cells = read++ == 0 ? unmarked(each.getFields()) : each.getFields();
                if (!rows.take(new TextRow(each.getStartingLineNumber(), cells))) {
                    return;
                }
            }
        } catch (UncheckedIOException e) {
            throw broken(e.getCause());
        } catch (CsvParseException e) {
            throw e.getCause() instanceof IOException cause ? broken(cause) : refused(reasons(e));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static List<String> unmarked(List<String> cells) {
        List<String> all = new ArrayList<>(cells);
        if (all.get(0).startsWith(MARK)) {
            all.set(0, all.get(0).substring(1));
        }
        return all;
    }

    private static String reasons(CsvParseException e) {
        return Quoted.name(e.getMessage()
                + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()));
    }

    private InvalidInputException broken(IOException e) {
        if (e instanceof CharacterCodingException) {
            return refused("it is no text in UTF-8; convert it (iconv -t UTF-8)");
        }
        return refused(
                e instanceof EOFException || e instanceof ZipException
                        ? "it is damaged (" + e.getMessage() + ")"
                        : String.valueOf(e.getMessage()));
    }

    InvalidInputException refused(long line, String reason) {
        return refused("line " + line + " " + reason);
    }

    InvalidInputException refused(String reason) {
        return new InvalidInputException("the texts in '" + path + "' cannot be read: " + reason);
    }
}
