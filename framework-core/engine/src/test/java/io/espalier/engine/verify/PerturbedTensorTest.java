package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.espalier.engine.verify.PerturbedTensor.Noise;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PerturbedTensorTest {

    private static final int SIZE = 10_000;
    private static final Noise ANY = new Noise(0, 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    private static final Noise POSITIVE = new Noise(0, 2, 0, Double.POSITIVE_INFINITY);

    private static Tensor ones(DataType type) {
        double[] values = new double[SIZE];
        Arrays.fill(values, 1);
        return Tensors.fromDoubles(type, List.of((long) SIZE), values);
    }

    @Test
    void anElementIsTheSameHoweverItIsRead() {
        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16, DataType.FLOAT64)) {
            Tensor tensor = new PerturbedTensor(ones(type), 7, 0.3, ANY);
            ByteBuffer whole = Tensors.toBytes(tensor);
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 50; i++) {
                int start = random.nextInt(SIZE);
                int count = 1 + random.nextInt(SIZE - start);
                ByteBuffer part = ByteBuffer.allocate(count * type.bytes());
                tensor.read(start, part);
                assertThat(part.flip()).isEqualTo(whole.slice(start * type.bytes(), count * type.bytes()));
            }
        }
    }

    @Test
    void theNoiseHasTheShareAndTheScaleAskedFor() {
        double[] values = Tensors.toDoubles(new PerturbedTensor(ones(DataType.FLOAT64), 7, 0.25, ANY));
        double mean = Arrays.stream(values).average().orElseThrow();
        double square = Arrays.stream(values)
                .map(each -> (each - mean) * (each - mean))
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0.75, offset(0.03));
        assertThat(Math.sqrt(square)).isCloseTo(0.5, offset(0.03));
    }

    @Test
    void positiveTensorsStayPositive() {
        double[] values = Tensors.toDoubles(new PerturbedTensor(ones(DataType.FLOAT32), 7, 1, POSITIVE));
        assertThat(Arrays.stream(values).min().orElseThrow()).isNotNegative();
        assertThat(values[0]).isNotEqualTo(values[4096]);
    }

    @Test
    void integersLieAroundTheirCentreAndWithinTheirRange() {
        Noise noise = new Noise(120, 60, 0, 255);
        double[] values = Tensors.toDoubles(new PerturbedTensor(ones(DataType.UINT8), 7, 1, noise));
        assertThat(Arrays.stream(values).min().orElseThrow()).isNotNegative();
        assertThat(Arrays.stream(values).max().orElseThrow()).isEqualTo(255);
        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(120, offset(3.0));
    }
}
