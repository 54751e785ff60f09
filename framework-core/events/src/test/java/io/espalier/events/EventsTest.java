package io.espalier.events;

import static io.espalier.events.TestingEvents.events;
import static io.espalier.events.TestingEvents.progress;
import static io.espalier.events.TestingEvents.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.espalier.events.v1.Group;
import io.espalier.events.v1.GroupsFound;
import io.espalier.events.v1.Home;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventsTest {

    private final List<PruningEvent> told = new ArrayList<>();

    @Test
    void stampsRunSequenceTimeAndSource() {
        Events events = events("run-1", told::add);
        events.emit(started());
        events.emit(progress(3));

        assertThat(told).hasSize(2);
        PruningEvent second = told.get(1);
        assertThat(second.getRunId()).isEqualTo("run-1");
        assertThat(second.getSequence()).isEqualTo(2);
        assertThat(second.getEventId()).isEqualTo("run-1-2");
        assertThat(second.getSource()).isEqualTo("testing");
        assertThat(second.getTime())
                .isEqualTo(Timestamp.newBuilder()
                        .setSeconds(TestingEvents.NOW.getEpochSecond())
                        .setNanos(1)
                        .build());
        assertThat(second.getProgressReported().getDone()).isEqualTo(3);
        assertThat(events.losses()).isEmpty();
    }

    @Test
    void refusesWhatNoEventCarries() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> events("run").emit(Timestamp.getDefaultInstance()))
                .withMessageContaining("google.protobuf.Timestamp")
                .withMessageContaining("pruning.events.v1.RunStarted");
        assertThatIllegalArgumentException().isThrownBy(() -> events(""));
    }

    @Test
    void largeEventIsRefusedAndCountedAndLeavesNoGap() {
        Events events = events("run", told::add);
        events.emit(started());
        String tooLong = "x".repeat(Events.MAX_BYTES);
        assertThat(events.emit(ProgressReported.newBuilder().setPhase(tooLong).build()))
                .isEmpty();
        assertThat(events.emit(ProgressReported.newBuilder().setPhase(tooLong).build()))
                .isEmpty();
        events.emit(progress(1));

        assertThat(told).extracting(PruningEvent::getSequence).containsExactly(1L, 2L);
        assertThat(events.losses()).singleElement().satisfies(loss -> {
            assertThat(loss.count()).isEqualTo(2);
            assertThat(loss.sentence())
                    .startsWith("2 events were lost by the size limit: progress_reported would take 262")
                    .endsWith("more than 262144 allowed in an event");
        });
    }

    @Test
    void largestEventAllowedPasses() {
        Events events = events("run", told::add);
        events.emit(started());
        int overhead =
                events.emit(progressOf(Events.MAX_BYTES / 2)).orElseThrow().getSerializedSize() - Events.MAX_BYTES / 2;
        assertThat(events.emit(progressOf(Events.MAX_BYTES - overhead))
                        .orElseThrow()
                        .getSerializedSize())
                .isEqualTo(Events.MAX_BYTES);
        assertThat(events.emit(progressOf(Events.MAX_BYTES - overhead + 1))).isEmpty();
    }

    @Test
    void sinkThatThrowsHurtsNeitherTheRunNorOtherSinks() {
        EventSink throwing = event -> {
            throw new IllegalStateException("sink " + event.getSequence());
        };
        Events events = events("run", throwing, told::add);
        events.emit(started());
        events.emit(progress(1));

        assertThat(told).hasSize(2);
        assertThat(events.losses()).singleElement().satisfies(loss -> {
            assertThat(loss.count()).isEqualTo(2);
            assertThat(loss.reason()).contains("sink 1");
        });
    }

    @Test
    void threadsGetOneSequence() throws InterruptedException {
        Events events = events("run", told::add);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() -> {
                    await(start);
                    LongStream.range(0, 500).forEach(done -> events.emit(progress(done)));
                }))
                .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(told)
                .extracting(PruningEvent::getSequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2000).boxed().toList());
    }

    @Test
    void readersIgnorePayloadsTheyDoNotKnow() throws Exception {
        PruningEvent event = PruningEvent.newBuilder()
                .setRunId("run")
                .setSequence(1)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                500,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(started().toByteString())
                                        .build())
                        .build())
                .build();
        PruningEvent read = PruningEvent.parseFrom(event.toByteArray());
        assertThat(read.getPayloadCase()).isEqualTo(PruningEvent.PayloadCase.PAYLOAD_NOT_SET);
        assertThat(read.getSequence()).isEqualTo(1);
    }

    @Test
    void summaryCutsTheLongestListsAndKeepsTotals() {
        List<Group> groups = IntStream.range(0, 20_000)
                .mapToObj(i -> Group.newBuilder()
                        .setId("group-" + i)
                        .addHomes(Home.newBuilder().setParameter("layer." + i + ".weight"))
                        .build())
                .toList();
        GroupsFound found = GroupsFound.newBuilder()
                .setGroupsTotal(groups.size())
                .addAllGroups(groups)
                .build();

        GroupsFound summary = Summary.fit(found);

        assertThat(summary.getGroupsTotal()).isEqualTo(20_000);
        assertThat(summary.getGroupsList()).isEqualTo(groups.subList(0, summary.getGroupsCount()));
        assertThat(events("run").emit(summary)).isPresent();
        assertThat(summary.getSerializedSize()).isGreaterThan(Events.MAX_BYTES / 3);
        assertThat(Summary.fit(summary)).isSameAs(summary);
        assertThatIllegalArgumentException().isThrownBy(() -> Summary.fit(progressOf(Events.MAX_BYTES)));
    }

    private static ProgressReported progressOf(int characters) {
        return ProgressReported.newBuilder()
                .setPhase(String.join("", Collections.nCopies(characters, "x")))
                .build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
