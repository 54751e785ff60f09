package io.espalier.cli;

import io.espalier.api.Names;
import io.espalier.api.Search;
import io.espalier.api.Search.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Puts options that files give behind those that were typed, unless the same option was typed. */
final class ArgumentFiles {

    /** Options that say nothing in a file. */
    private static final Set<String> NEVER =
            Set.of("--help", ConfigOption.NAME, SearchOptions.FROM_SEARCH, SearchOptions.PICK);

    private final CommandSpec command;
    private final List<String> arguments;
    private final Set<ArgSpec> typed = new HashSet<>();
    private final Map<ArgSpec, String> values = new HashMap<>();

    private ArgumentFiles(CommandSpec command, List<String> arguments) {
        this.command = command;
        this.arguments = new ArrayList<>(arguments);
    }

    /** The arguments with what the files give that they name. */
    static String[] expanded(CommandLine line, String... arguments) {
        CommandLine command = line;
        int depth = 0;
        while (depth < arguments.length && command.getSubcommands().containsKey(arguments[depth])) {
            command = command.getSubcommands().get(arguments[depth++]);
        }
        ArgumentFiles files = new ArgumentFiles(command.getCommandSpec(), Arrays.asList(arguments));
        files.scan(depth);
        files.add();
        return files.arguments.toArray(String[]::new);
    }

    /** The key of an option or a parameter in a file. */
    static String key(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName().substring(2)
                : argument.paramLabel().toLowerCase(Locale.ROOT);
    }

    /** What a file may give of a command, in the order of its help. */
    static List<ArgSpec> keys(CommandSpec command) {
        List<ArgSpec> keys = new ArrayList<>(command.positionalParameters());
        command.options().stream()
                .filter(option -> !NEVER.contains(option.longestName()))
                .forEach(keys::add);
        return keys;
    }

    /** Finds which options and parameters are typed; values are those of options with one. */
    private void scan(int from) {
        int positional = 0;
        for (int i = from; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            Optional<OptionSpec> option = option(argument);
            if (option.isPresent()) {
                typed.add(option.get());
                int sign = argument.indexOf('=');
                boolean isApart = sign < 0 && option.get().arity().min() > 0 && i + 1 < arguments.size();
                values.put(option.get(), isApart ? arguments.get(++i) : argument.substring(sign + 1));
            } else if (argument.startsWith("-")) {
                scanShort(argument);
            } else if (positional < command.positionalParameters().size()) {
                typed.add(command.positionalParameters().get(positional++));
            }
        }
    }

    /** Options of one letter may stand together, the last with its value, as in {@code -qoFILE}. */
    private void scanShort(String argument) {
        for (int i = 1; i < argument.length(); i++) {
            OptionSpec option = command.findOption(argument.charAt(i));
            if (option == null || !typed.add(option) || option.arity().min() > 0) {
                return;
            }
        }
    }

    private Optional<OptionSpec> option(String argument) {
        int sign = argument.indexOf('=');
        String name = sign < 0 ? argument : argument.substring(0, sign);
        return Optional.ofNullable(command.findOption(name)).filter(each -> argument.startsWith("-"));
    }

    private void add() {
        value(SearchOptions.FROM_SEARCH).ifPresent(this::addPoint);
        value(ConfigOption.NAME).ifPresent(file -> add(ConfigFile.read(Path.of(file))));
    }

    private Optional<String> value(String option) {
        return Optional.ofNullable(command.findOption(option)).map(values::get);
    }

    private void addPoint(String file) {
        if (typed.contains(command.findOption("--target"))) {
            throw Failure.usage("--target: a point of --from-search says what remains; choose one with --pick");
        }
        Search search = Search.read(Path.of(file));
        Point point = search.point(value(SearchOptions.PICK)
                .map(ArgumentFiles::number)
                .or(search::chosen)
                .orElseThrow(() ->
                        Failure.usage("the search " + file + " has found nothing yet; choose a point with --pick")));
        List<ArgumentEntry> entries =
                new ArrayList<>(List.of(new ArgumentEntry(file, "target", List.of(point.target()))));
        search.latencyTable()
                .ifPresent(table -> entries.add(new ArgumentEntry(
                        file, "latency-table", List.of(table.file().toString()))));
        search.arguments().forEach((key, each) -> entries.add(new ArgumentEntry(file, key, each)));
        add(entries);
    }

    private static int number(String typed) {
        try {
            return Integer.parseInt(typed);
        } catch (NumberFormatException e) {
            throw Failure.usage("--pick cannot be '" + typed + "'; give the number of a point");
        }
    }

    private void add(List<ArgumentEntry> entries) {
        for (ArgumentEntry entry : entries) {
            ArgSpec argument = argument(entry);
            if (typed.add(argument)) {
                arguments.addAll(typed(argument, entry));
            }
        }
    }

    private ArgSpec argument(ArgumentEntry entry) {
        List<ArgSpec> known = keys(command);
        return known.stream()
                .filter(each -> names(each).contains(entry.key()))
                .findFirst()
                .orElseThrow(() -> Failure.usage(entry.place() + ": '" + command.qualifiedName() + "' has no key '"
                        + entry.key() + "'"
                        + Names.nearest(
                                        entry.key(),
                                        known.stream().map(ArgumentFiles::key).toList())
                                .map(name -> "; did you mean '" + name + "'?")
                                .orElse("; docs/config.md lists them")));
    }

    private static List<String> names(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? Arrays.stream(option.names())
                        .filter(name -> name.startsWith("--"))
                        .map(name -> name.substring(2))
                        .toList()
                : List.of(key(argument));
    }

    private static List<String> typed(ArgSpec argument, ArgumentEntry entry) {
        List<String> values = entry.values();
        if (argument instanceof PositionalParamSpec) {
            return values;
        }
        if (values.size() != 1 && !argument.isMultiValue()) {
            throw Failure.usage(entry.place() + ": '" + entry.key() + "' takes one value");
        }
        String name = ((OptionSpec) argument).longestName();
        return isFlag(argument)
                ? flag(name, entry)
                : values.stream().map(value -> name + "=" + value).toList();
    }

    /** Whether an option takes no value. */
    static boolean isFlag(ArgSpec argument) {
        return argument.arity().max() == 0;
    }

    private static List<String> flag(String name, ArgumentEntry entry) {
        return switch (entry.values().get(0)) {
            case "true" -> List.of(name);
            case "false" -> List.of();
            default -> throw Failure.usage(entry.place() + ": '" + entry.key() + "' is true or false");
        };
    }
}
