package io.espalier.cli.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.PruningEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventTextTest {

    private static String line(LossReported.Builder loss) {
        return EventText.line(PruningEvent.newBuilder()
                .setRunId("training")
                .setSequence(7)
                .setTime(Timestamp.newBuilder().setSeconds(1_790_000_000))
                .setLossReported(loss)
                .build());
    }

    @Test
    @DisplayName("A loss while training is told with its step, and with its epoch where training counts epochs")
    void loss() {
        LossReported.Builder loss = LossReported.newBuilder().setStep(1200).setLoss(0.43219);

        assertThat(line(loss)).endsWith("training     7  loss 0.4322 at step 1,200");
        assertThat(line(loss.setEpoch(3))).endsWith("loss 0.4322 at step 1,200 of epoch 3");
        assertThat(line(loss.setLoss(Double.NaN))).contains("loss NaN at step");
    }
}
