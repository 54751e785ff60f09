package io.espalier.engine.score;

import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers that stored integers stand for: an integer less its zero point, times its scale. Thread-safe. */
final class DequantisedTensor implements Tensor {

    private final Tensor stored;
    /** One for all, or one for each position of an axis. */
    private final double[] scales;

    private final double[] zeros;
    /** How many elements in a row have the same position on that axis. */
    private final long inner;

    private DequantisedTensor(Tensor stored, double[] scales, double[] zeros, long inner) {
        this.stored = stored;
        this.scales = scales;
        this.zeros = zeros;
        this.inner = inner;
    }

    /** What a node that dequantises a constant makes of it; empty when its scales are not constant, or lie in blocks. */
    static Optional<Tensor> of(Node dequantise, Map<String, Tensor> constants) {
        Tensor stored = constants.get(dequantise.inputs().get(0));
        Tensor scale = constants.get(dequantise.inputs().get(1));
        Optional<Tensor> zero = dequantise.input(2).map(constants::get);
        boolean constant = stored != null
                && scale != null
                && (zero.isPresent() || dequantise.input(2).isEmpty());
        boolean blocks = constant && scale.shape().size() > 1 && scale.size() > 1;
        if (!constant || blocks || scale.size() == 0) {
            return Optional.empty();
        }
        double[] scales = Tensors.toDoubles(scale);
        double[] zeros = zero.map(Tensors::toDoubles).orElseGet(() -> new double[scales.length]);
        return Optional.of(new DequantisedTensor(stored, scales, zeros, inner(dequantise, stored)));
    }

    private static long inner(Node dequantise, Tensor stored) {
        int rank = stored.shape().size();
        long axis = dequantise.intAttribute("axis", 1);
        return stored.shape().stream().skip((axis < 0 ? axis + rank : axis) + 1).reduce(1L, (a, b) -> a * b);
    }

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public List<Long> shape() {
        return stored.shape();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int count = target.remaining() / type().bytes();
        ByteBuffer block = ByteBuffer.allocate(count * stored.type().bytes());
        stored.read(offset, block);
        List<Long> length = List.of((long) count);
        double[] values = Tensors.toDoubles(Tensors.of(stored.type(), length, block.flip()));
        for (int i = 0; i < count; i++) {
            int place = (int) ((offset + i) / inner % scales.length);
            values[i] = (values[i] - zeros[place % zeros.length]) * scales[place];
        }
        target.put(Tensors.toBytes(Tensors.fromDoubles(type(), length, values)));
    }
}
