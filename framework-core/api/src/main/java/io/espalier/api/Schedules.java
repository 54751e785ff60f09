package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.api.RunSettings.FineTuneSettings;
import io.espalier.api.RunSettings.ScheduleSettings;
import io.espalier.engine.run.PruningRequest.Scheduled;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.schedule.PruningSchedule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What settings say of a model that is pruned while it is trained. */
final class Schedules {

    private static final String DURING = "cubic";
    private static final String OTHERWISE = "one-shot";
    private static final String STEPS = "steps";
    /** Options of schedules that are shares of training. */
    private static final List<String> MOMENTS = List.of("at", "start", "end");

    private Schedules() {}

    /** How the model is trained while it is pruned, when that is asked for. */
    static Optional<Scheduled> of(RunSettings settings, Extensions extensions) {
        if (settings.scheduled.isEmpty()) {
            if (settings.schedule.isPresent() || settings.rewind.isPresent() || settings.resumes) {
                throw InputRefusedException.request("a schedule, going back to an epoch and going on from a checkpoint"
                        + " belong to a model that is pruned while it is trained; give training examples and epochs");
            }
            return Optional.empty();
        }
        if (settings.plan.isPresent()) {
            throw InputRefusedException.request(
                    "the plan already says what is removed; it is replayed without the training"
                            + " in which it was made, so leave the schedule or the plan out");
        }
        FineTuneSettings how = settings.scheduled.get().training();
        int epochs = how.training().epochs();
        int back = settings.rewind.orElse(0);
        RunSettings.setting(
                "rewind", back, back >= 0 && back < Math.max(1, epochs), "give an epoch from 0 to " + (epochs - 1));
        PruningSchedule chosen = extensions.require(PruningSchedule.class, name(settings));
        return Optional.of(new Scheduled(
                how.training()
                        .ofPruned(
                                settings.open(RunSettings.TRAIN, how.examples(), extensions),
                                extensions,
                                settings.loss,
                                settings.seed,
                                settings.threads(),
                                false),
                chosen,
                Extensions.options(PruningSchedule.class, chosen, options(settings, chosen)),
                settings.rewind,
                settings.resumes));
    }

    private static String name(RunSettings settings) {
        boolean during = settings.scheduled.orElseThrow().when() == When.DURING;
        return settings.schedule.map(Choice::name).orElse(during ? DURING : OTHERWISE);
    }

    private static Map<String, String> given(RunSettings settings) {
        return settings.schedule.map(Choice::options).orElse(Map.of());
    }

    /** As given, and where the schedule has them the number of cuts and the moment before or after training. */
    private static Map<String, String> options(RunSettings settings, PruningSchedule chosen) {
        Set<String> names = chosen.options().stream().map(OptionSpec::name).collect(Collectors.toSet());
        Map<String, String> options = new TreeMap<>();
        When when = settings.scheduled.orElseThrow().when();
        if (when != When.DURING) {
            MOMENTS.stream()
                    .filter(names::contains)
                    .forEach(name -> options.put(name, when == When.BEFORE ? "0" : "1"));
        }
        int steps = settings.steps();
        if (settings.steps.isPresent() && names.contains(STEPS)) {
            options.put(STEPS, Integer.toString(steps));
        } else if (steps > 1) {
            throw InputRefusedException.request("the schedule '" + chosen.name()
                    + "' has no number of steps; leave it out, or choose a schedule such as linear");
        }
        options.putAll(given(settings));
        return options;
    }

    /** What a journal says of it. */
    static Map<String, String> journal(RunSettings settings) {
        Map<String, String> all = new TreeMap<>();
        if (settings.scheduled.isPresent()) {
            ScheduleSettings asked = settings.scheduled.get();
            all.put("when", asked.when().name().toLowerCase(Locale.ROOT));
            all.put("epochs", Integer.toString(asked.training().training().epochs()));
            all.put("schedule", name(settings));
            given(settings).forEach((name, value) -> all.put("schedule-option." + name, value));
            settings.rewind.ifPresent(epoch -> all.put("rewind", Integer.toString(epoch)));
        }
        return all;
    }
}
