package io.espalier.plugin.csv;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which columns are wanted.
 *
 * @param label the column of labels: auto, none, first, last, a name or a number from 1
 * @param classes names of the classes in order; none when the file says them
 * @param ignored names or numbers of columns to leave out
 */
record Columns(String label, List<String> classes, List<String> ignored) {

    /**
     * The columns in use.
     *
     * @param kept all but those that are left out
     * @param label the column of labels, when options, names or words say it
     * @param open whether the model may still say it
     */
    record Chosen(List<Column> kept, Optional<Column> label, boolean open) {

        /** The columns that hold features. */
        List<Column> features() {
            return kept.stream()
                    .filter(each -> label.filter(each::equals).isEmpty())
                    .toList();
        }
    }

    /**
     * Chooses among the columns of a file.
     *
     * @throws InvalidInputException when an option names none, or when a column of features holds something else than
     *     numbers
     */
    Chosen of(CsvFile file, List<Column> all) {
        List<Column> kept = new ArrayList<>(all);
        ignored.forEach(each -> kept.remove(named("ignore", each, all)));
        Optional<Column> chosen = label(kept, all);
        if (!classes.isEmpty() && chosen.isEmpty()) {
            throw new InvalidInputException("the data option 'classes' is given, but '" + file.path()
                    + "' does not say which column holds them; add label=NAME, label=first or label=last");
        }
        Chosen columns = new Chosen(List.copyOf(kept), chosen, chosen.isEmpty() && label.equals("auto"));
        columns.features().stream()
                .filter(each -> !each.isNumeric())
                .findFirst()
                .ifPresent(each -> {
                    throw file.refused(
                            each.oddLine(),
                            each.odd() + ", which is no number (a whole column is left out by"
                                    + " --data-option ignore=" + each.name() + ")");
                });
        chosen.filter(each -> classes.isEmpty() && !each.isNumeric() && !each.isText())
                .ifPresent(each -> {
                    throw file.refused(each.oddLine(), each.odd() + ", but other labels are numbers");
                });
        if (columns.features().isEmpty()) {
            throw new InvalidInputException("'" + file.path() + "' has no columns of features");
        }
        return columns;
    }

    private Optional<Column> label(List<Column> kept, List<Column> all) {
        return switch (label) {
            case "none" -> Optional.empty();
            case "first" -> Optional.of(kept.get(0));
            case "last" -> Optional.of(kept.get(kept.size() - 1));
            case "auto" -> found(kept);
            default -> Optional.of(named("label", label, all)).filter(kept::contains);
        };
    }

    private static Optional<Column> found(List<Column> kept) {
        for (String each : LabelNames.ALL) {
            for (Column column : kept) {
                if (column.name().equalsIgnoreCase(each)) {
                    return Optional.of(column);
                }
            }
        }
        List<Column> words = kept.stream().filter(Column::isText).toList();
        return words.size() == 1 ? Optional.of(words.get(0)) : Optional.empty();
    }

    private static Column named(String option, String wanted, List<Column> all) {
        return all.stream()
                .filter(each -> each.name().equals(wanted))
                .findFirst()
                .or(() -> Optional.of(wanted)
                        .filter(text -> text.matches("[1-9]\\d{0,6}") && Integer.parseInt(text) <= all.size())
                        .map(text -> all.get(Integer.parseInt(text) - 1)))
                .orElseThrow(() -> new InvalidInputException("the data option '" + option + "' names "
                        + Quoted.name(wanted) + ", but the columns are "
                        + all.stream().limit(8).map(Column::name).toList() + (all.size() > 8 ? " and more" : "")));
    }
}
