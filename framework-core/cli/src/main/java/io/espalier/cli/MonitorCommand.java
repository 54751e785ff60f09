package io.espalier.cli;

import io.espalier.kafka.KafkaSettings;
import io.espalier.kafka.PruningEventSubscriber;
import io.espalier.metrics.PrometheusScrape;
import io.espalier.metrics.PruningMeters.EventTrouble;
import io.espalier.monitor.Address;
import io.espalier.monitor.Health;
import io.espalier.monitor.JournalWatch;
import io.espalier.monitor.Metrics;
import io.espalier.monitor.Monitor;
import io.espalier.monitor.SourceHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a page that shows runs. */
@Command(
        name = "monitor",
        customSynopsis = "espalier monitor (--journal FILE|FOLDER | --kafka BOOTSTRAP)... [OPTIONS]",
        header = "Serve a web page that shows runs while they happen, and their meters.",
        description = {
            "Prints the address of the page and serves it until Ctrl-C. /metrics of the same address has the meters of",
            "all runs as Prometheus text. Only this machine is listened to, unless --host says otherwise."
        },
        footer = {
            "  espalier monitor --journal pruned.onnx.events",
            "  espalier monitor --journal runs/",
            "  espalier monitor --kafka localhost:9092 --port 8077",
            "  espalier monitor --kafka broker:9092 --host 0.0.0.0 --allow-host monitor.example.org"
        })
final class MonitorCommand extends AbstractCommand {

    @Option(
            names = "--journal",
            paramLabel = "FILE|FOLDER",
            description = "A journal, or a folder whose journals (*.events) are read, also those that come; may be"
                    + " given several times.")
    private List<Path> journals = new ArrayList<>();

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            description = "The first event read from Kafka: beginning, the default, latest, or the first since a time"
                    + " like 2026-11-22T08:00:00Z.")
    private String from;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8077",
            description = "The port of the page (default: ${DEFAULT-VALUE}); 0 takes a free one.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = Address.LOOPBACK,
            description = "Where to listen (default: ${DEFAULT-VALUE}, this machine only). There is no login: whoever"
                    + " reaches the page sees all runs.")
    private String host;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "A name under which browsers and scrapers may ask, besides addresses and localhost; may be"
                    + " given several times.")
    private List<String> names = new ArrayList<>();

    MonitorCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        RunMetrics.checkPort("--port", port);
        Optional<KafkaSettings> settings = kafka.settings();
        if (journals.isEmpty() && settings.isEmpty()) {
            throw Failure.usage("nothing says where events come from; give --journal FILE|FOLDER or --kafka HOST:PORT");
        }
        if (from != null && settings.isEmpty()) {
            throw Failure.usage("--from is about Kafka; journals are read from their beginning");
        }
        journals.forEach(MonitorCommand::require);
        Health health = new Health(this::say);
        try (PrometheusScrape scrape = new PrometheusScrape();
                Monitor monitor = monitor(scrape, health)) {
            scrape.meters().readers(health::down, health::restarts);
            tellAddress(monitor);
            return serve(monitor, scrape, health, settings);
        }
    }

    private void tellAddress(Monitor monitor) {
        if (common.json) {
            print(Json.text(Json.document("monitor").put("uri", monitor.uri().toString())));
        } else {
            print(monitor.uri().toString());
        }
    }

    private static void require(Path journal) {
        if (Files.exists(journal) && !Files.isDirectory(journal) && !Files.isRegularFile(journal)) {
            throw Failure.of(ExitCode.FAILED, "'" + journal + "' is a pipe or a device; name a journal or a folder");
        }
        if (!Files.exists(journal)) {
            throw Failure.of(
                    ExitCode.FAILED,
                    "the journal or folder '" + journal + "' does not exist; a run writes its journal beside its model,"
                            + " with .events behind the name");
        }
    }

    private Monitor monitor(PrometheusScrape scrape, Health health) {
        Address address = new Address(host, port, names);
        try {
            return Monitor.start(
                    address, new Metrics(PrometheusScrape.CONTENT_TYPE, scrape::text), scrape.meters(), health);
        } catch (IOException e) {
            throw RunMetrics.notHad("--port", address, e);
        }
    }

    private int serve(Monitor monitor, PrometheusScrape scrape, Health health, Optional<KafkaSettings> settings) {
        CountDownLatch enough = new CountDownLatch(1);
        environment.interruption().cancelBy(enough::countDown);
        List<JournalWatch> watches = journals.stream()
                .map(journal -> JournalWatch.start(
                        journal,
                        monitor,
                        health.source("journal", journal.toString()),
                        passed -> scrape.meters().eventTrouble(EventTrouble.UNDECODABLE, 1)))
                .toList();
        Optional<KafkaWatch> topic = settings.map(each -> {
            SourceHealth source = health.source("kafka", each.bootstrap());
            return KafkaWatch.start(() -> subscriber(each, monitor, scrape, source), source, enough::countDown);
        });
        try {
            enough.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watches.forEach(JournalWatch::close);
        topic.ifPresent(KafkaWatch::close);
        return ExitCode.OK;
    }

    private PruningEventSubscriber.Builder subscriber(
            KafkaSettings settings, Monitor monitor, PrometheusScrape scrape, SourceHealth source) {
        PruningEventSubscriber.Builder builder =
                PruningEventSubscriber.builder().kafka(settings).onEvent(monitor::accept);
        return EventSourceOptions.starting(builder, from == null ? "beginning" : from)
                .onUndecodable(record -> {
                    scrape.meters().eventTrouble(EventTrouble.UNDECODABLE, 1);
                    source.passedOver("passed over " + record.where() + ": " + record.reason());
                })
                .onTrouble(source::note);
    }
}
