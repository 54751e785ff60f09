package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An accuracy is promised on examples that decide nothing else. */
class PromisedDataTest {

    @TempDir
    private Path folder;

    private void search(Dataset data, FineTuning training) {
        TestingRun.of(TestingRun.RESNET, folder.resolve("pruned.onnx"))
                .data(data)
                .training(training)
                .search("accuracy=-80", Target.Metric.MACS, 1)
                .prune();
    }

    private static TestingDataset images(int seed) {
        try (Model model = new OnnxAdapter().open(TestingRun.RESNET)) {
            return TestingDataset.images(300, seed).labelledBy(model);
        }
    }

    @Test
    @DisplayName("Examples that measure are none of those that training holds back, for these choose the epoch")
    void heldBack() {
        assertThatThrownBy(() -> search(images(3), new TestingTraining(images(4), Optional.of(images(3)))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The target 'accuracy=-80' cannot be promised: 300 of 300 different training"
                        + " examples that are held back, by which an epoch is chosen, are also in the data. Give --data that"
                        + " nothing else reads");
        assertThat(folder.resolve("pruned.onnx")).doesNotExist();
    }

    @Test
    @DisplayName("Nor are they any of those that it trains on; other examples are taken")
    void trainedOn() {
        assertThatThrownBy(() -> search(images(3), new TestingTraining(images(3), Optional.of(images(4)))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("300 of 300 different training examples are also in the data");
        assertThatThrownBy(() -> search(images(3), new TestingTraining(images(4), Optional.of(images(5)))))
                .isInstanceOf(Reached.class);
    }

    /** The data was taken. */
    private static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private record TestingTraining(Dataset examples, Optional<Dataset> heldBack) implements FineTuning {

        @Override
        public String identity() {
            return "testing";
        }

        @Override
        public Read check(Graph original, RunContext context) {
            return new Read(
                    Batches.of(original, examples, Evaluation.BATCHES, context),
                    heldBack.map(each -> Batches.of(original, each, Evaluation.BATCHES, context)));
        }

        @Override
        public Trained train(Task task) {
            throw new Reached();
        }
    }
}
