package io.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SliceViewTest {

    @TestFactory
    Stream<DynamicTest> everyElementBelongsToTheSliceOfItsPosition() {
        return Networks.small().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    TestingAnalysis network =
                            TestingAnalysis.of(entry.getValue().apply(1));
                    assertThat(network.coupling().labelledAxes()).isNotEmpty();
                    network.coupling().labelledAxes().forEach(labelledAxis -> assertSlices(network, labelledAxis));
                }));
    }

    private static void assertSlices(TestingAnalysis network, LabelledAxis labelledAxis) {
        Tensor tensor = network.graph().constants().get(labelledAxis.use().constant());
        SliceMap slices = network.coupling().slices(labelledAxis);
        SliceView view = new SliceView(labelledAxis, slices, tensor, new TensorBlocks("", tensor, new Scratch.Pool()));
        double[] values = Tensors.toDoubles(tensor);
        List<List<Float>> expected = new ArrayList<>();
        for (int slice = 0; slice < slices.size(); slice++) {
            expected.add(new ArrayList<>());
        }
        int[] next = {0};
        view.forEach((slice, value) -> {
            int index = next[0]++;
            assertThat(slice).isEqualTo(sliceOf(index, tensor.shape(), slices));
            assertThat(value).isEqualTo(values[index]);
            expected.get(slice).add((float) value);
        });
        assertThat(next[0]).isEqualTo(values.length);
        for (int slice = 0; slice < slices.size(); slice += 1 + slices.size() / 5) {
            assertThat(view.slice(slice)).containsExactly(toArray(expected.get(slice)));
        }
    }

    private static int sliceOf(int index, List<Long> shape, SliceMap slices) {
        int slice = 0;
        int rest = index;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            int extent = Math.toIntExact(shape.get(axis));
            slice += slices.tables().get(axis)[rest % extent];
            rest /= extent;
        }
        return slice;
    }

    private static Float[] toArray(List<Float> values) {
        return values.toArray(Float[]::new);
    }
}
