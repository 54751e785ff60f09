package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.api.Recipe.Choice;
import io.espalier.engine.run.FineTuning;
import io.espalier.engine.run.PruningRequest.Scheduled;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.schedule.PruningSchedule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a model is pruned while it is trained.
 *
 * @param examples what it is trained on; empty when it is not
 * @param training how
 * @param when the moments of the schedule: its own, or all before or after the training
 * @param schedule when it is cut, and how far
 * @param rewind the epoch that training goes back to after each cut
 * @param resumes whether it goes on from a checkpoint
 */
record ScheduleSettings(
        Optional<Examples> examples,
        Training training,
        When when,
        Optional<Choice> schedule,
        OptionalInt rewind,
        boolean resumes) {

    /** A model that is not trained. */
    static final ScheduleSettings NONE = new ScheduleSettings(
            Optional.empty(), Training.of(1), When.AFTER, Optional.empty(), OptionalInt.empty(), false);

    private static final String DURING = "cubic";
    private static final String OTHERWISE = "one-shot";
    private static final String STEPS = "steps";
    /** Options of schedules that are shares of training. */
    private static final List<String> MOMENTS = List.of("at", "start", "end");

    boolean isAsked() {
        return examples.isPresent();
    }

    ScheduleSettings training(Examples data, Training how, When moment) {
        return new ScheduleSettings(Optional.of(data), how, moment, schedule, rewind, resumes);
    }

    ScheduleSettings schedule(Choice chosen) {
        return new ScheduleSettings(examples, training, when, Optional.of(chosen), rewind, resumes);
    }

    ScheduleSettings rewind(int epoch) {
        return new ScheduleSettings(examples, training, when, schedule, OptionalInt.of(epoch), resumes);
    }

    ScheduleSettings resume() {
        return new ScheduleSettings(examples, training, when, schedule, rewind, true);
    }

    /**
     * Refuses what nothing would use.
     *
     * @param isFineTuned whether the model is trained after the cut
     */
    void check(boolean isFineTuned) {
        if (!isAsked() && (schedule.isPresent() || rewind.isPresent())) {
            throw InputRefusedException.request("a schedule and going back to an epoch belong to a model that is pruned"
                    + " while it is trained; give training examples and epochs");
        }
        if (!isAsked() && !isFineTuned && resumes) {
            throw InputRefusedException.request(
                    "going on from a checkpoint belongs to a model that is trained; give training examples and epochs");
        }
    }

    /**
     * What the engine is asked for.
     *
     * @param trains trains as these settings say
     * @param steps the number of cuts, where one is asked for
     */
    Scheduled scheduled(FineTuning trains, OptionalInt steps, Extensions extensions) {
        int back = rewind.orElse(0);
        if (back < 0 || back >= training.epochs()) {
            throw InputRefusedException.setting(
                    Reason.REQUEST,
                    "rewind",
                    "rewind cannot be " + back + "; give an epoch from 0 to " + (training.epochs() - 1));
        }
        PruningSchedule chosen = extensions.require(PruningSchedule.class, name());
        return new Scheduled(
                trains, chosen, Extensions.options(PruningSchedule.class, chosen, options(chosen, steps)), rewind);
    }

    private String name() {
        return schedule.map(Choice::name).orElse(when == When.DURING ? DURING : OTHERWISE);
    }

    private Map<String, String> given() {
        return schedule.map(Choice::options).orElse(Map.of());
    }

    /** As given, and where the schedule has them the number of cuts and the moment before or after training. */
    private Map<String, String> options(PruningSchedule chosen, OptionalInt steps) {
        Set<String> names = chosen.options().stream().map(OptionSpec::name).collect(Collectors.toSet());
        Map<String, String> options = new TreeMap<>();
        if (when != When.DURING) {
            MOMENTS.stream()
                    .filter(names::contains)
                    .forEach(name -> options.put(name, when == When.BEFORE ? "0" : "1"));
        }
        if (steps.isPresent() && names.contains(STEPS)) {
            options.put(STEPS, Integer.toString(steps.getAsInt()));
        } else if (steps.orElse(1) > 1) {
            throw InputRefusedException.request("the schedule '" + chosen.name()
                    + "' has no number of steps; leave it out, or choose a schedule such as linear");
        }
        options.putAll(given());
        return options;
    }

    /** What a journal says of it. */
    Map<String, String> journal() {
        Map<String, String> all = new TreeMap<>();
        if (isAsked()) {
            all.put("when", when.name().toLowerCase(Locale.ROOT));
            all.put("epochs", Integer.toString(training.epochs()));
            all.put("schedule", name());
            given().forEach((name, value) -> all.put("schedule-option." + name, value));
            rewind.ifPresent(epoch -> all.put("rewind", Integer.toString(epoch)));
        }
        return all;
    }
}
