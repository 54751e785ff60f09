package io.espalier.plugin.csv;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.ClassCodes;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The cells of a file in memory, row after row. Immutable. */
final class CsvTable {

    private final CsvFile file;
    private final Columns.Chosen chosen;
    private final boolean named;
    private final List<Column> numeric;
    private final DataType type;
    private final ByteBuffer cells;
    private final int rows;
    private final Optional<ClassCodes> codes;

    private CsvTable(
            CsvFile file, CsvFile.Form form, Columns wanted, Columns.Chosen chosen, long rows, long heapBytes) {
        this.file = file;
        this.chosen = chosen;
        this.named = form.header();
        boolean words = chosen.label()
                .filter(each -> !wanted.classes().isEmpty() || !each.isNumeric())
                .isPresent();
        this.numeric = words ? chosen.features() : chosen.kept();
        this.type = Column.common(numeric);
        requireFits(file, rows * numeric.size(), type.bytes(), heapBytes);
        this.rows = Math.toIntExact(rows);
        this.cells =
                ByteBuffer.allocate(this.rows * numeric.size() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        this.codes = words ? Optional.of(new ClassCodes(wanted.classes())) : Optional.empty();
        fill(form);
    }

    /** Reads a file: once to learn what its columns hold, once to keep it. */
    static CsvTable read(CsvFile file, Columns wanted, long heapBytes) {
        CsvFile.Form form = file.form();
        List<Column> columns = IntStream.range(0, form.names().size())
                .mapToObj(i -> new Column(i, form.names().get(i)))
                .toList();
        long[] rows = new long[1];
        file.rows(form, row -> {
            rows[0]++;
            requireFits(file, rows[0] * columns.size(), 1, heapBytes);
            columns.forEach(each -> each.learn(row));
        });
        if (rows[0] == 0) {
            throw new InvalidInputException("'" + file.path() + "' holds no rows besides the names of the columns");
        }
        return new CsvTable(file, form, wanted, wanted.of(file, columns), rows[0], heapBytes);
    }

    private static void requireFits(CsvFile file, long cells, int bytes, long heapBytes) {
        if (cells > Math.min(heapBytes, Integer.MAX_VALUE) / bytes) {
            throw new InvalidInputException("'" + file.path() + "' takes more than the " + heapBytes
                    + " bytes allowed for its cells; divide it and pack the parts as npz, which is read in blocks");
        }
    }

    private void fill(CsvFile.Form form) {
        int[] next = new int[1];
        file.rows(form, row -> {
            for (Column each : numeric) {
                if (next[0] == rows * numeric.size()) {
                    throw changed();
                }
                Elements.put(type, cells, next[0]++, Numbers.of(row.getField(each.index())));
            }
            codes.flatMap(each ->
                            each.add(row.getField(chosen.label().orElseThrow().index())))
                    .ifPresent(wrong -> {
                        throw file.refused(row.getStartingLineNumber(), wrong);
                    });
        });
        if (next[0] != rows * numeric.size()) {
            throw changed();
        }
    }

    private InvalidInputException changed() {
        return new InvalidInputException("'" + file.path() + "' changed while it was read; use it when it is complete");
    }

    int rows() {
        return rows;
    }

    CsvFile file() {
        return file;
    }

    Columns.Chosen chosen() {
        return chosen;
    }

    /** Whether the file names its columns. */
    boolean isNamed() {
        return named;
    }

    Optional<ClassCodes> codes() {
        return codes;
    }

    /** Some columns of numbers as an array: a row of each example, or one element when there is one column. */
    Tensor array(List<Column> columns) {
        List<Long> shape = new ArrayList<>(List.of((long) rows));
        if (columns.size() > 1) {
            shape.add((long) columns.size());
        }
        int[] places = columns.stream()
                .mapToInt(each -> Collections.binarySearch(numeric, each, Comparator.comparingInt(Column::index)))
                .toArray();
        return new Cells(Column.type(columns), List.copyOf(shape), type, cells, numeric.size(), places);
    }

    /** A view of some columns. */
    private record Cells(DataType type, List<Long> shape, DataType held, ByteBuffer cells, int width, int[] places)
            implements Tensor {

        @Override
        public void read(long offset, ByteBuffer target) {
            ByteBuffer to = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer typed = to.slice().order(ByteOrder.LITTLE_ENDIAN);
            int count = target.remaining() / type.bytes();
            for (int i = 0; i < count; i++) {
                int row = Math.toIntExact((offset + i) / places.length);
                int place = places[(int) ((offset + i) % places.length)];
                Elements.put(type, typed, i, Elements.get(held, cells, row * width + place));
            }
            target.position(target.limit());
        }
    }
}
