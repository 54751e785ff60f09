package io.espalier.cli;

import io.espalier.api.Plan;
import io.espalier.cli.text.Clean;
import java.util.Optional;
import java.util.stream.Collectors;

/** The recipe of a run in one line: its name, and the flags that ask for the same. */
final class RecipeText {

    private RecipeText() {}

    static Optional<String> line(Plan plan, Optional<String> compensator) {
        String repair = compensator.map(name -> " --repair " + Clean.text(name)).orElse("");
        return plan.recipe().map(name -> "recipe  " + Clean.text(name) + ": " + flags(plan) + repair);
    }

    private static String flags(Plan plan) {
        return plan.choice().stream()
                .map(setting -> "--" + setting.getKey() + " " + Clean.text(setting.getValue()))
                .collect(Collectors.joining(" "));
    }
}
