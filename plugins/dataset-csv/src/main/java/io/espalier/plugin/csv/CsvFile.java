package io.espalier.plugin.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.GzipFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.ZipException;

/**
 * One CSV file, plain or compressed.
 *
 * @param wanted what parts cells; {@link #FOUND} when the content says it
 * @param header whether the first row names the columns: yes, no or auto
 */
record CsvFile(Path path, char wanted, String header, RunContext context) {

    /** Stands for the delimiter that the content says. */
    static final char FOUND = 0;

    private static final int BEGINNING = 1 << 16;
    private static final int CHECKED_EVERY = 256;
    private static final char MARK = '\uFEFF';

    /** Names and rows of a file. */
    record Form(char delimiter, boolean header, List<String> names) {}

    /** What the beginning of the file says of its form. */
    Form form() {
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException("'" + path + "' "
                    + (Files.exists(path) ? "is not a file" : "does not exist") + "; name a CSV file");
        }
        Layout layout = reading(() -> {
            try (InputStream in = GzipFiles.open(path)) {
                byte[] bytes = in.readNBytes(BEGINNING);
                String text = new String(bytes, StandardCharsets.UTF_8);
                String plain = !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
                boolean whole = bytes.length < BEGINNING;
                return wanted == FOUND ? Layout.of(plain, whole) : Layout.with(wanted, plain, whole);
            }
        });
        boolean named = header.equals("auto") ? layout.hasHeader() : header.equals("yes");
        return new Form(layout.delimiter(), named, names(layout.delimiter(), named));
    }

    private List<String> names(char delimiter, boolean named) {
        return reading(() -> {
            try (InputStream in = GzipFiles.open(path);
                    CsvReader<CsvRecord> reader = CsvRecords.of(delimiter, in)) {
                List<String> first = reader.stream()
                        .findFirst()
                        .orElseThrow(() -> new InvalidInputException("'" + path + "' holds no rows"))
                        .getFields();
                return named
                        ? first
                        : IntStream.rangeClosed(1, first.size())
                                .mapToObj(Integer::toString)
                                .toList();
            }
        });
    }

    /**
     * Hands over all rows but the header, in order.
     *
     * @throws InvalidInputException when a row has another number of cells than the first, or cannot be read
     */
    void rows(Form form, Consumer<CsvRecord> action) {
        reading(() -> {
            try (InputStream in = GzipFiles.open(path);
                    CsvReader<CsvRecord> reader = CsvRecords.of(form.delimiter(), in)) {
                long read = 0;
                for (CsvRecord each : reader) {
                    if (read % CHECKED_EVERY == 0) {
                        context.checkCancelled();
                    }
                    if (each.getFieldCount() != form.names().size()) {
                        throw refused(
                                each.getStartingLineNumber(),
                                "has " + each.getFieldCount() + " cells, but the first row has "
                                        + form.names().size());
                    }
                    if (read > 0 || !form.header()) {
                        action.accept(each);
                    }
                    read++;
                }
                return read;
            }
        });
    }

    InvalidInputException refused(long line, String reason) {
        return new InvalidInputException(
                "'" + path + "' cannot be read: line " + line + " " + reason + "; mend the line or leave it out");
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T reading(Reading<T> work) {
        try {
            return work.read();
        } catch (EOFException | ZipException e) {
            throw damaged(e);
        } catch (UncheckedIOException e) {
            throw damaged(e.getCause());
        } catch (CsvParseException e) {
            String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
            throw new InvalidInputException(
                    "'" + path + "' is no sound CSV file: " + Quoted.name(e.getMessage() + why), e);
        } catch (IOException e) {
            throw new InvalidInputException("data file '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private InvalidInputException damaged(IOException reason) {
        return new InvalidInputException(
                "'" + path + "' is damaged (" + reason.getMessage() + "); fetch or write the file again", reason);
    }
}
