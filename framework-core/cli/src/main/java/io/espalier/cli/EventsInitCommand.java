package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.kafka.EventsTopic;
import io.espalier.kafka.EventsTopic.Layout;
import io.espalier.kafka.EventsTopic.State;
import io.espalier.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the topic of events. */
@Command(
        name = "init",
        header = "Make the topic of the events, or say how the one that exists differs.",
        description = "Does nothing to a topic that exists.",
        footer = {
            "  espalier events init --kafka localhost:9092",
            "  espalier events init --kafka broker:9093 --kafka-config kafka.properties --partitions 6 --replication 3"
        })
final class EventsInitCommand extends AbstractCommand {

    private static final Pattern RETENTION = Pattern.compile("(\\d{1,6})([mhd])");
    private static final int MAX = 10_000;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Into how many parts runs are divided; a run is in one (default: 3).")
    private Integer partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Copies of each event (default: what the cluster does).")
    private Integer replication;

    @Option(
            names = "--retention",
            paramLabel = "TIME",
            description = "How long events are kept, like 30d, 12h or forever (default: what the cluster does).")
    private String retention;

    EventsInitCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        KafkaSettings settings = kafka.required();
        Layout asked = new Layout(
                number("--partitions", partitions),
                number("--replication", replication),
                Optional.ofNullable(retention).map(EventsInitCommand::duration));
        State state = EventsTopic.init(settings, asked);
        if (common.json) {
            print(Json.text(json(settings, state)));
        } else {
            print((state.created() ? "made " : "exists ") + settings.topic() + ": partitions " + state.partitions()
                    + ", replication " + state.replication() + ", kept " + kept(state.retentionMillis()));
        }
        state.differences().forEach(difference -> say("not as wanted, and not changed: " + difference));
        return ExitCode.OK;
    }

    private static OptionalInt number(String option, Integer typed) {
        if (typed != null && (typed < 1 || typed > MAX)) {
            throw Failure.usage(option + " cannot be " + typed + "; give a number from 1 to " + MAX);
        }
        return typed == null ? OptionalInt.empty() : OptionalInt.of(typed);
    }

    private static Duration duration(String typed) {
        if (typed.equals("forever")) {
            return Duration.ofMillis(-1);
        }
        Matcher matcher = RETENTION.matcher(typed);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
            throw Failure.usage("--retention cannot be '" + typed + "'; give a time like 30d, 12h, 90m, or forever");
        }
        int amount = Integer.parseInt(matcher.group(1));
        return switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String kept(long millis) {
        if (millis < 0) {
            return "for ever";
        }
        Duration time = Duration.ofMillis(millis);
        return time.toDaysPart() > 0 && time.equals(Duration.ofDays(time.toDays()))
                ? "for " + time.toDays() + (time.toDays() == 1 ? " day" : " days")
                : "for " + millis / 1000 + " seconds";
    }

    private static ObjectNode json(KafkaSettings settings, State state) {
        ObjectNode json = Json.document("events-init");
        json.put("topic", settings.topic());
        json.put("created", state.created());
        json.put("partitions", state.partitions());
        json.put("replication", state.replication());
        json.put("retentionMillis", state.retentionMillis());
        state.differences().forEach(json.putArray("differences")::add);
        return json;
    }
}
