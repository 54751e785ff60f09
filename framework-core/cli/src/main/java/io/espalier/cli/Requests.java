package io.espalier.cli;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.GraphMetric;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.NamePatterns;
import io.espalier.engine.score.Normalisation;
import io.espalier.host.Catalogue;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.operator.OperatorSemantics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what was typed into parts of a request; what cannot be understood is a usage error. */
final class Requests {

    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");

    private Requests() {}

    static PruningRequest.Input input(Catalogue catalogue, Path model) {
        return new PruningRequest.Input(
                model,
                ModelFile.adapter(catalogue, model),
                new Providers(catalogue).executor(),
                catalogue.all(OperatorSemantics.class));
    }

    static PruningRequest.Decision decision(Catalogue catalogue, SelectionOptions typed) {
        Providers providers = new Providers(catalogue);
        Target target = understood(() -> Target.parse(typed.target));
        Widths widths = understood(() -> new Widths(share("--min-keep", typed.minKeep), typed.roundTo));
        Aggregation aggregation = understood(() -> Aggregation.of(typed.aggregate));
        Normalisation normalisation = understood(() -> Normalisation.of(typed.normalise));
        ImportanceCriterion criterion = providers.require(ImportanceCriterion.class, typed.criterion);
        return new PruningRequest.Decision(
                criterion,
                Providers.options(ImportanceCriterion.class, criterion, typed.criterionOptions),
                aggregation,
                normalisation,
                providers.require(SparsityAllocator.class, typed.allocator),
                target,
                widths,
                understood(() -> Heads.of(typed.heads)),
                new NamePatterns(typed.ignore, typed.only),
                typed.seed);
    }

    /** A metric by its name, else in a model file of that name. */
    static MetricChoice metric(Catalogue catalogue, PruneOptions typed) {
        Providers providers = new Providers(catalogue);
        List<Metric> available = catalogue.all(Metric.class);
        if (typed.metric == null) {
            return new MetricChoice(Optional.empty(), available);
        }
        Path file = Path.of(typed.metric);
        boolean isFile = !catalogue.names(Metric.class).contains(typed.metric) && Files.exists(file);
        Metric metric = isFile
                ? new GraphMetric(file, ModelFile.adapter(catalogue, file), providers.executor())
                : providers.require(Metric.class, typed.metric);
        return new MetricChoice(
                Optional.of(new ChosenMetric(metric, Providers.options(Metric.class, metric, typed.metricOptions))),
                available);
    }

    private static <T> T understood(Supplier<T> parsed) {
        try {
            return parsed.get();
        } catch (InvalidInputException e) {
            throw Failure.usage(e.getMessage());
        }
    }

    /** A share of one, typed as {@code 0.1} or {@code 10%}. */
    static double share(String option, String typed) {
        Matcher matcher = SHARE.matcher(typed);
        double number = matcher.matches() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
        double share = matcher.matches() && !matcher.group(2).isEmpty() ? number / 100 : number;
        if (!(share >= 0 && share <= 1)) {
            throw Failure.usage(option + " cannot be '" + typed + "'; give a share such as 10% or 0.1");
        }
        return share;
    }
}
