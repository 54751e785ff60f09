import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.Decision;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Proof;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.PruningRun;
import io.espalier.engine.run.SeededContext;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.JournalCursor;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFinished;
import io.espalier.kafka.Delivery;
import io.espalier.kafka.EventsTopic;
import io.espalier.kafka.JournalForwarder;
import io.espalier.kafka.KafkaSettings;
import io.espalier.kafka.PruningEventSubscriber;
import io.espalier.plugin.allocators.GlobalAllocator;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.plugin.metrics.Top1Metric;
import io.espalier.plugin.npz.NpzReader;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.option.Options;
import io.espalier.testkit.kafka.BrokerProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How fast events are written and forwarded, whether nothing is lost or doubled with many runs, and what forwarding costs
 * a run. Run it with {@code docs/benchmarks/events}; what it measures and what it printed is in
 * {@code docs/reliability.md}. The broker is a process of its own on the same machine.
 */
public final class EventSpeed {

    private static final int EVENTS = 1_000_000;
    private static final int ROUNDS = 6;
    private static final int RUNS = 200;
    private static final int EVENTS_OF_A_RUN = 500;
    private static final int RUN_ROUNDS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final String bootstrap;
    private int topics;

    private EventSpeed(Path folder, String bootstrap) {
        this.folder = folder;
        this.bootstrap = bootstrap;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> wanted = arguments.length == 0 ? List.of("rate", "runs", "beside") : List.of(arguments);
        Path folder = Files.createTempDirectory("espalier-events-");
        try (BrokerProcess broker = BrokerProcess.start()) {
            EventSpeed speed = new EventSpeed(folder, broker.bootstrap());
            if (wanted.contains("rate")) {
                speed.rate();
            }
            if (wanted.contains("runs")) {
                speed.runs();
            }
            if (wanted.contains("beside")) {
                speed.beside();
            }
        } finally {
            try (var files = Files.list(folder)) {
                files.forEach(file -> file.toFile().delete());
            }
            Files.delete(folder);
        }
    }

    // ---- rate

    private void rate() throws Exception {
        Path journal = folder.resolve("million.events");
        long start = System.nanoTime();
        write(journal, "million", EVENTS);
        double append = rate(start, EVENTS);
        say("%,d events of %,d bytes on average", EVENTS, Files.size(journal) / EVENTS);
        say("  append to the journal:                  %,9.0f events/s", append);
        List<PruningEvent> events = read(journal);
        say("  a record: %,d bytes of value, and %,d of headers", bytes(events, false), bytes(events, true));
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = -1; round < ROUNDS; round++) {
            // The first round warms up; in the others every variant comes first equally often.
            List<String> order = new ArrayList<>(List.of("forward", "bare", "headless"));
            Collections.rotate(order, round);
            for (String variant : order) {
                double rate = variant.equals("forward") ? forward(journal) : bare(events, variant.equals("bare"));
                if (round >= 0) {
                    add(rates, variant, rate);
                }
            }
        }
        double bare = median(rates.get("bare"));
        double forward = median(rates.get("forward"));
        say("  forward to Kafka:                       %,9.0f events/s %s", forward, all(rates.get("forward")));
        say("  bare producer loop, same records:       %,9.0f events/s %s", bare, all(rates.get("bare")));
        say("  bare producer loop, without headers:    %,9.0f events/s %s",
                median(rates.get("headless")), all(rates.get("headless")));
        say("  forward through bare: %.0f %% (bar: 70 %%); through bare without headers: %.0f %%",
                100 * forward / bare, 100 * forward / median(rates.get("headless")));
    }

    /** Bytes of a record on average: of its headers, names included, or of its value. */
    private static long bytes(List<PruningEvent> events, boolean ofHeaders) {
        long bytes = 0;
        for (PruningEvent event : events) {
            bytes += ofHeaders
                    ? headers(event).stream().mapToLong(each -> each.key().length() + each.value().length).sum()
                    : event.getSerializedSize();
        }
        return bytes / events.size();
    }

    private double forward(Path journal) throws Exception {
        JournalForwarder.forget(journal);
        KafkaSettings settings = topic();
        long start = System.nanoTime();
        try (JournalForwarder forwarder = JournalForwarder.start(journal, settings)) {
            Delivery delivery = forwarder.drain(PATIENCE);
            require(delivery.complete(), delivery.sentence());
            return rate(start, EVENTS);
        }
    }

    /** What anybody would write: the same settings, keys and values, and no journal, order of resending or note. */
    private double bare(List<PruningEvent> events, boolean headers) {
        KafkaSettings settings = topic();
        Map<String, Object> producer = Map.of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 20,
                "batch.size", 256 * 1024,
                "buffer.memory", 16 * 1024 * 1024);
        byte[] key = "million".getBytes(StandardCharsets.UTF_8);
        long start = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (PruningEvent event : events) {
                List<Header> with = headers ? headers(event) : List.of();
                kafka.send(new ProducerRecord<>(settings.topic(), null, key, event.toByteArray(), with));
            }
            kafka.flush();
        }
        return rate(start, events.size());
    }

    private static List<Header> headers(PruningEvent event) {
        return List.of(
                header("content-type", "application/protobuf"),
                header("ce_specversion", "1.0"),
                header("ce_id", event.getEventId()),
                header("ce_source", event.getSource()),
                header("ce_type", type(event)),
                header("ce_time", time(event)),
                header("ce_subject", event.getRunId()));
    }

    private static String type(PruningEvent event) {
        return "pruning.events.v1." + (event.hasRunFinished() ? "RunFinished" : "ProgressReported");
    }

    private static String time(PruningEvent event) {
        return Instant.ofEpochSecond(event.getTime().getSeconds(), event.getTime().getNanos()).toString();
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    // ---- runs

    private void runs() throws Exception {
        KafkaSettings settings = topic();
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        CountDownLatch together = new CountDownLatch(RUNS);
        List<Future<?>> runs = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < RUNS; i++) {
            String id = "run-" + i;
            boolean again = i % 10 == 0;
            runs.add(threads.submit(() -> {
                together.countDown();
                together.await();
                oneRun(id, settings, again);
                return null;
            }));
        }
        for (Future<?> run : runs) {
            run.get();
        }
        threads.shutdown();
        say("%d concurrent runs of %d events to one topic of 3 partitions, a tenth of them sent twice: %.1f s",
                RUNS, EVENTS_OF_A_RUN, (System.nanoTime() - start) / 1e9);
        hear(settings);
    }

    private void oneRun(String id, KafkaSettings settings, boolean again) throws Exception {
        Path journal = folder.resolve(id + ".events");
        try (Journal output = Journal.create(journal)) {
            Events events = new Events(id, "benchmark", Clock.systemUTC(), List.<EventSink>of(output));
            events.emit(progress(0));
            try (JournalForwarder forwarder = JournalForwarder.start(journal, settings)) {
                for (int i = 1; i < EVENTS_OF_A_RUN - 1; i++) {
                    events.emit(progress(i));
                }
                events.emit(RunFinished.getDefaultInstance());
                require(forwarder.drain(PATIENCE).complete(), id);
            }
        }
        if (again) {
            JournalForwarder.forget(journal);
            try (JournalForwarder forwarder = JournalForwarder.start(journal, settings)) {
                require(forwarder.drain(PATIENCE).complete(), id);
            }
        }
    }

    private void hear(KafkaSettings settings) throws Exception {
        Map<String, Long> last = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                .kafka(settings)
                .fromBeginning()
                .untilEnd()
                .onEvent(event -> {
                    long before = last.getOrDefault(event.getRunId(), 0L);
                    if (event.getSequence() != before + 1) {
                        wrong.add(event.getEventId() + " after " + before);
                    }
                    last.put(event.getRunId(), event.getSequence());
                })
                .start();
        subscriber.await();
        long whole = last.values().stream().filter(each -> each == EVENTS_OF_A_RUN).count();
        long again = (long) RUNS / 10 * EVENTS_OF_A_RUN;
        // More come when a broker that is busy lets a link fail, which then begins anew behind the last acknowledged event.
        require(subscriber.duplicates() >= again, subscriber.duplicates() + " events came again, not " + again);
        say("  heard %,d events, %,d dropped because they came again; runs that are whole and in order: %d of %d, "
                        + "events out of order or twice: %d",
                subscriber.handled(), subscriber.duplicates(), whole, RUNS, wrong.size());
    }

    // ---- beside

    private void beside() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, Optional<KafkaSettings>> variants = new LinkedHashMap<>();
            variants.put("without Kafka", Optional.empty());
            variants.put("broker works", Optional.of(topic()));
            variants.put("broker hangs", Optional.of(KafkaSettings.of("localhost:" + silent.getLocalPort())));
            variants.put("no broker", Optional.of(KafkaSettings.of("localhost:1")));
            Map<String, List<Double>> wall = new LinkedHashMap<>();
            Map<String, List<Double>> processor = new LinkedHashMap<>();
            for (int round = -1; round < RUN_ROUNDS; round++) {
                // Every variant comes first, and after every other, equally often.
                List<String> order = new ArrayList<>(variants.keySet());
                Collections.rotate(order, round);
                for (String variant : order) {
                    double[] times = time(variants.get(variant));
                    if (round >= 0) {
                        add(wall, variant, times[0]);
                        add(processor, variant, times[1]);
                    }
                }
            }
            say("A run of fashion-resnet20 with its accuracy on 4,000 images, in turn, medians of %d: milliseconds, and of the"
                            + " run's thread on a processor",
                    RUN_ROUNDS);
            double base = median(wall.get("without Kafka"));
            double baseProcessor = median(processor.get("without Kafka"));
            for (String variant : variants.keySet()) {
                double time = median(wall.get(variant));
                double used = median(processor.get(variant));
                say("  %-14s %6.0f  %+5.1f %%      %6.0f  %+5.1f %%",
                        variant, time, 100 * (time / base - 1), used, 100 * (used / baseProcessor - 1));
            }
        }
    }

    private double[] time(Optional<KafkaSettings> settings) throws Exception {
        Path output = folder.resolve("pruned.onnx");
        Path journal = folder.resolve("pruned.onnx.events");
        JournalForwarder[] forwarder = new JournalForwarder[1];
        EventSink starter = event -> {
            if (forwarder[0] == null && settings.isPresent()) {
                forwarder[0] = JournalForwarder.start(journal, settings.get());
            }
        };
        PruningRun run = new PruningRun(request(output, starter));
        long start = System.nanoTime();
        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        run.prune();
        double[] times = {
            (System.nanoTime() - start) / 1e6,
            (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - used) / 1e6
        };
        if (forwarder[0] != null) {
            forwarder[0].close();
        }
        return times;
    }

    private static PruningRequest request(Path output, EventSink sink) {
        Dataset examples = new NpzReader()
                .open(
                        Path.of("docs/examples/fashion-mnist-test.npz"),
                        Options.none(),
                        new SeededContext(0, () -> false));
        return new PruningRequest(
                new Input(
                        Path.of("docs/examples/fashion-resnet20.onnx"),
                        new OnnxAdapter(),
                        new OnnxExecutor(),
                        List.of()),
                Optional.of(Decision.of(
                        new L1Criterion(), Options.none(), new GlobalAllocator(), Target.parse("macs=50%"), 0)),
                Optional.empty(),
                Costs.DEFAULT,
                Optional.of(output),
                new Data(
                        Optional.of(examples),
                        new MetricChoice(Optional.empty(), List.of(new Top1Metric())),
                        Optional.empty()),
                Optional.empty(),
                Proof.DEFAULT,
                new Trail("run", "benchmark", "prune", Map.of(), Map.of(), Clock.systemUTC(), List.of(sink)),
                1);
    }

    // ---- tools

    private KafkaSettings topic() {
        KafkaSettings settings = KafkaSettings.of(bootstrap).topic("benchmark." + ++topics);
        EventsTopic.init(
                settings, new EventsTopic.Layout(OptionalInt.empty(), OptionalInt.of(1), Optional.empty()));
        return settings;
    }

    private static void write(Path journal, String id, int count) throws IOException {
        try (Journal output = Journal.create(journal)) {
            Events events = new Events(id, "benchmark", Clock.systemUTC(), List.<EventSink>of(output));
            for (int i = 0; i < count - 1; i++) {
                events.emit(progress(i));
            }
            events.emit(RunFinished.getDefaultInstance());
        }
    }

    private static List<PruningEvent> read(Path journal) throws IOException {
        List<PruningEvent> events = new ArrayList<>();
        try (JournalCursor cursor = new JournalCursor(journal, 0)) {
            for (Optional<PruningEvent> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                events.add(next.get());
            }
        }
        return events;
    }

    private static ProgressReported progress(long done) {
        return ProgressReported.newBuilder()
                .setPhase("scoring parameters")
                .setDone(done)
                .setTotal(EVENTS)
                .build();
    }

    private static double rate(long start, int count) {
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private static void add(Map<String, List<Double>> figures, String name, double figure) {
        figures.computeIfAbsent(name, each -> new ArrayList<>()).add(figure);
    }

    private static double median(List<Double> figures) {
        double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String all(List<Double> figures) {
        return Arrays.toString(figures.stream().map(each -> String.format(Locale.ROOT, "%,.0f", each)).toArray());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static void say(String format, Object... figures) {
        System.out.println(String.format(Locale.ROOT, format, figures));
    }
}
