package io.espalier.engine.score;

import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A home as a criterion sees it: reads the constant in blocks and says to which slice each element belongs. */
final class SliceView implements ParameterAxis {

    /** Trailing axes are merged into one table up to this many elements. */
    private static final int TABLE_ELEMENTS = 1 << 12;

    private final LabelledAxis labelledAxis;
    private final Tensor tensor;
    private final SliceMap slices;
    private final TensorBlocks blocks;
    private final List<int[]> outer;
    /** What each position along the merged trailing axes adds to the number of the slice. */
    private final int[] inner;
    /** For each position along them, how much further the next one is. */
    private final int[] steps;
    /** For each position along them, where the run that begins there ends. */
    private final int[] runEnds;

    SliceView(LabelledAxis labelledAxis, SliceMap slices, Tensor tensor, TensorBlocks blocks) {
        this.labelledAxis = labelledAxis;
        this.tensor = tensor;
        this.slices = slices;
        this.blocks = blocks;
        List<int[]> remaining = new ArrayList<>(slices.tables());
        int[] merged = {0};
        while (!remaining.isEmpty()) {
            int[] table = remaining.get(remaining.size() - 1);
            if (merged.length > 1 && (long) merged.length * table.length > TABLE_ELEMENTS) {
                break;
            }
            merged = merge(table, merged);
            remaining.remove(remaining.size() - 1);
        }
        this.outer = List.copyOf(remaining);
        this.inner = merged;
        this.steps = steps(merged);
        this.runEnds = runEnds(steps);
    }

    private static int[] steps(int... table) {
        int[] steps = new int[table.length];
        for (int i = 0; i + 1 < table.length; i++) {
            steps[i] = table[i + 1] - table[i];
        }
        return steps;
    }

    private static int[] runEnds(int... steps) {
        int[] ends = new int[steps.length];
        for (int i = steps.length - 1; i >= 0; i--) {
            boolean goesOn = i + 2 < steps.length && steps[i + 1] == steps[i];
            ends[i] = goesOn ? ends[i + 1] : Math.min(i + 2, steps.length);
        }
        return ends;
    }

    private static int[] merge(int[] table, int[] trailing) {
        int[] merged = new int[table.length * trailing.length];
        int next = 0;
        for (int each : table) {
            for (int inside : trailing) {
                merged[next++] = each + inside;
            }
        }
        return merged;
    }

    @Override
    public String parameter() {
        return labelledAxis.use().name();
    }

    @Override
    public int axis() {
        return labelledAxis.axis();
    }

    @Override
    public int size() {
        return slices.size();
    }

    @Override
    public ParameterRole role() {
        return labelledAxis.role();
    }

    @Override
    public DataType type() {
        return tensor.type();
    }

    @Override
    public List<Long> shape() {
        return tensor.shape();
    }

    @Override
    public void forEach(SliceConsumer consumer) {
        forEachRun((slice, step, values, from, to) -> {
            for (int i = from; i < to; i++) {
                consumer.accept(slice + (i - from) * step, values[i]);
            }
        });
    }

    @Override
    public void forEachRun(RunConsumer consumer) {
        Walk walk = new Walk(consumer);
        blocks.forEach(walk::take);
    }

    /** Walks over the elements in storage order, keeping the number of the slice up to date. */
    private final class Walk {

        private final RunConsumer consumer;
        private final int[] index = new int[outer.size()];
        private int base;
        private int position;

        Walk(RunConsumer consumer) {
            this.consumer = consumer;
            for (int[] table : outer) {
                base += table.length == 0 ? 0 : table[0];
            }
        }

        void take(double[] values, int count) {
            for (int i = 0; i < count; ) {
                int end = Math.min(count, i + inner.length - position);
                feed(values, i, end);
                position += end - i;
                i = end;
                if (position == inner.length) {
                    position = 0;
                    next();
                }
            }
        }

        private void feed(double[] values, int from, int to) {
            int shift = position - from;
            for (int i = from; i < to; ) {
                int end = Math.min(to, runEnds[i + shift] - shift);
                consumer.accept(base + inner[i + shift], steps[i + shift], values, i, end);
                i = end;
            }
        }

        private void next() {
            for (int axis = index.length - 1; axis >= 0; axis--) {
                int[] table = outer.get(axis);
                base -= table[index[axis]];
                index[axis] = (index[axis] + 1) % table.length;
                base += table[index[axis]];
                if (index[axis] != 0) {
                    return;
                }
            }
        }
    }

    @Override
    public float[] slice(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("slice " + index + " of " + size());
        }
        Gather gather = new Gather(Math.toIntExact(tensor.size() / size()));
        List<Run> runs = runs(index);
        runs.forEach(gather::read);
        return gather.values;
    }

    /** Consecutive elements. */
    private record Run(long offset, int length) {}

    /** Where the elements of a slice lie, in storage order. */
    private List<Run> runs(int slice) {
        List<Run> runs = new ArrayList<>();
        long outerSize = inner.length == 0 ? 0 : tensor.size() / inner.length;
        int[] index = new int[outer.size()];
        for (long block = 0; block < outerSize; block++) {
            int base = 0;
            for (int axis = 0; axis < index.length; axis++) {
                base += outer.get(axis)[index[axis]];
            }
            addRuns(runs, block * inner.length, slice - base);
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == outer.get(axis).length; axis--) {
                index[axis] = 0;
            }
        }
        return runs;
    }

    private void addRuns(List<Run> runs, long offset, int wanted) {
        int start = -1;
        for (int i = 0; i <= inner.length; i++) {
            boolean inside = i < inner.length && inner[i] == wanted;
            if (inside && start < 0) {
                start = i;
            } else if (!inside && start >= 0) {
                runs.add(new Run(offset + start, i - start));
                start = -1;
            }
        }
    }

    private final class Gather {

        private final float[] values;
        private int filled;

        Gather(int size) {
            this.values = new float[size];
        }

        void read(Run run) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(run.length() * tensor.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
            tensor.read(run.offset(), bytes);
            for (int i = 0; i < run.length(); i++) {
                values[filled++] = (float) Elements.get(tensor.type(), bytes, i);
            }
        }
    }
}
