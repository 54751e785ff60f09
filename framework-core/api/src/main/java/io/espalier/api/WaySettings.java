package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.api.Recipe.Way;
import java.util.Optional;

/**
 * How channels are chosen, as far as a request says.
 *
 * @param criterion what makes a channel important
 * @param aggregate how the scores of coupled slices become one
 * @param normalise how the scores of a group are made comparable with others
 * @param allocator which channels compete with each other
 */
record WaySettings(
        Optional<Choice> criterion,
        Optional<String> aggregate,
        Optional<String> normalise,
        Optional<Choice> allocator) {

    static final WaySettings NONE =
            new WaySettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    WaySettings criterion(Choice choice) {
        return new WaySettings(Optional.of(choice), aggregate, normalise, allocator);
    }

    WaySettings aggregate(String name) {
        return new WaySettings(criterion, Optional.of(name), normalise, allocator);
    }

    WaySettings normalise(String name) {
        return new WaySettings(criterion, aggregate, Optional.of(name), allocator);
    }

    WaySettings allocator(Choice choice) {
        return new WaySettings(criterion, aggregate, normalise, Optional.of(choice));
    }

    /** Whether anything is said. */
    boolean isAsked() {
        return !equals(NONE);
    }

    /** Whether nothing is left to a recipe. */
    boolean isComplete() {
        return criterion.isPresent() && aggregate.isPresent() && normalise.isPresent() && allocator.isPresent();
    }

    /** What is said, and for the rest the way of a recipe. */
    Way or(Way usual) {
        return new Way(
                criterion.orElse(usual.criterion()),
                aggregate.orElse(usual.aggregate()),
                normalise.orElse(usual.normalise()),
                allocator.orElse(usual.allocator()));
    }
}
