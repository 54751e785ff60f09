package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.tensor.DataType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Connectionist temporal classification: -log of the probability of all ways to write a sequence of classes over the steps of an output,
 * with a blank between and classes repeated (Graves, Fernandez, Gomez and Schmidhuber, "Connectionist Temporal Classification", ICML 2006).
 * The recursion over the steps is written out, in logarithms.
 *
 * <p>The output holds scores of classes, [examples, steps, classes], or [steps, examples, classes] with {@code time=first}. All steps count,
 * or the first so many of each example, at least one, as an array of the data says. Labels are classes, [examples, classes of the sequence];
 * numbers below 0 and the blank among them do not count, wherever they stand. An example whose sequence no way of so many steps writes counts 0.
 *
 * <p>Not for outputs of an open number of steps, and not without labels.
 */
public final class CtcLoss implements Loss {

    private static final String FIRST = "first";

    private static final OptionSpec TIME = OptionSpec.choice(
            "time",
            List.of("second", FIRST),
            "which axis of the output holds the steps; the other one holds the examples");

    private static final OptionSpec BLANK =
            OptionSpec.integer("blank", 0, 0, Integer.MAX_VALUE, "the class that stands for nothing");

    private static final OptionSpec COUNTED = OptionSpec.text(
            "steps",
            "",
            "name of an array of the data with the number of steps of each example that count (default: all count)");

    @Override
    public String name() {
        return "ctc";
    }

    @Override
    public String description() {
        return "Probability of a sequence of classes over all ways to align it with steps (CTC).";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(Target.OUTPUT, Target.LABELS, TIME, BLANK, COUNTED);
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        boolean timeFirst = context.options().text(TIME.name()).equals(FIRST);
        if (target.rank() != 3) {
            throw target.unfit("it does not hold scores of classes for each step of each example");
        }
        if (!(target.shape().get(timeFirst ? 0 : 1) instanceof Dimension.Fixed steps)) {
            throw target.unfit("the number of its steps is open");
        }
        long blank = context.options().integer(BLANK.name());
        long classes = Classes.count(target, 2).orElseThrow(() -> Own.noClasses(target, 2));
        if (blank >= classes) {
            throw target.unfit("it has " + classes + " classes, and " + blank + " is none of them");
        }
        String labels = context.labels(context.options().text(Target.LABELS.name()), List.of(whole(2)))
                .orElseThrow(() -> target.unfit(
                        "the data has no sequences of classes, with numbers below 0 behind the end of each"));
        String counted = context.options().text(COUNTED.name());
        Optional<String> lengths = counted.isEmpty()
                ? Optional.empty()
                : Optional.of(context.labels(counted, List.of(whole(1)))
                        .orElseThrow(() -> target.unfit(
                                "the array '" + counted + "' of the data holds no number of steps an example")));
        String scores = Classes.scores(context, target, 2);
        String byExample = timeFirst
                ? context.apply("Transpose", Map.of("perm", new Attribute.Ints(List.of(1L, 0L, 2L))), scores)
                : scores;
        String logarithms = context.apply("LogSoftmax", Map.of("axis", new Attribute.Int(2)), byExample);
        return new Alignments(context, labels, blank, lengths).loss(logarithms, Math.toIntExact(steps.extent()));
    }

    private static ValueType whole(int rank) {
        return new ValueType(DataType.INT64, Optional.of(Collections.nCopies(rank, new Dimension.Unknown())));
    }
}
