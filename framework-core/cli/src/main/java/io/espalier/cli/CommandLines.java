package io.espalier.cli;

import io.espalier.api.EspalierException;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the commands together with an environment. */
final class CommandLines {

    /** Examples, which are written as footers, come before everything but the headline. */
    private static final List<String> HELP_ORDER = List.of(
            UsageMessageSpec.SECTION_KEY_HEADER,
            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
            UsageMessageSpec.SECTION_KEY_FOOTER,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);

    private static final List<String> EXIT_CODES = List.of(
            "0:it worked",
            "1:the run failed: unreachable target, unusable data, a result that cannot be written",
            "2:the command line makes no sense",
            "3:the pruned model was not proved to compute what it should",
            "4:a plug-in that is needed is broken or missing, or breaks its contract",
            "5:the model is broken or not supported",
            "6:Kafka cannot be used, or events that had to arrive there did not",
            "130:interrupted",
            "141:standard output was closed before the end, as 'head' does");

    private CommandLines() {}

    /** The command line, ready to be executed once. */
    static CommandLine of(Environment environment) {
        CommandLine line = new CommandLine(EspalierCommand.class, factory(environment));
        line.setOut(environment.out());
        line.setErr(environment.err());
        line.setColorScheme(Help.defaultColorScheme(
                environment.outIsTerminal() && environment.allowsColour() ? Help.Ansi.ON : Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOverwrittenOptionsAllowed(false);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(110);
        line.setUsageHelpLongOptionsMaxWidth(34);
        line.setParameterExceptionHandler((error, arguments) -> usage(error));
        line.setExecutionExceptionHandler((error, failing, parsed) -> failed(error, failing, environment));
        line.getSubcommands().values().forEach(CommandLines::describe);
        describe(line);
        return line;
    }

    /** Executes what was typed, and what the files give that it names. */
    static int execute(Environment environment, String... arguments) {
        CommandLine line = of(environment);
        try {
            return line.execute(ArgumentFiles.expanded(line, arguments));
        } catch (Failure | EspalierException e) {
            return failed(e, line, environment);
        }
    }

    private static void describe(CommandLine line) {
        line.getSubcommands().values().forEach(CommandLines::describe);
        line.setHelpSectionKeys(HELP_ORDER);
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.footerHeading("%nExamples:%n");
        usage.synopsisHeading("%nUsage: ");
        usage.descriptionHeading(usage.description().length == 0 ? "" : "%n");
        usage.parameterListHeading(line.getCommandSpec().positionalParameters().isEmpty() ? "" : "%nParameters:%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(UsageMessageSpec.keyValuesMap(EXIT_CODES.toArray(String[]::new)));
        usage.sortOptions(false);
    }

    private static IFactory factory(Environment environment) {
        return new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                if (!AbstractCommand.class.isAssignableFrom(type)) {
                    return CommandLine.defaultFactory().create(type);
                }
                Constructor<K> constructor = type.getDeclaredConstructor(Environment.class);
                return constructor.newInstance(environment);
            }
        };
    }

    private static int usage(ParameterException error) {
        CommandLine line = error.getCommandLine();
        String message =
                error instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched) : error.getMessage();
        line.getErr().println("espalier: " + Clean.text(message));
        line.getErr().println("'" + line.getCommandSpec().qualifiedName() + " --help' shows what there is");
        return ExitCode.USAGE;
    }

    private static String unmatched(UnmatchedArgumentException error) {
        String typed = error.getUnmatched().get(0);
        CommandLine line = error.getCommandLine();
        boolean isCommand = !line.getSubcommands().isEmpty() && !typed.startsWith("-");
        List<String> near = error.getSuggestions().stream()
                .filter(each -> initial(each).equals(initial(typed)))
                .toList();
        String message = isCommand
                ? "there is no command '" + typed + "'; there are "
                        + String.join(", ", line.getSubcommands().keySet())
                        + ", and 'espalier plugins list' shows criteria, metrics and what else plug-ins offer"
                : error.getMessage();
        return near.isEmpty() ? message : message + "; did you mean " + String.join(" or ", near) + "?";
    }

    private static String initial(String word) {
        String letters = word.replaceFirst("^-+", "");
        return letters.substring(0, Math.min(1, letters.length()));
    }

    private static int failed(Exception error, CommandLine failing, Environment environment) {
        AbstractCommand command = failing.getCommand() instanceof AbstractCommand found ? found : null;
        Style style = command == null ? new Style(false) : command.errStyle();
        failing.getErr().println(style.bad("espalier: " + Clean.text(Failures.sentence(error))));
        if (command != null && command.common.verbose) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace));
            environment
                    .err()
                    .print(Clean.lines(trace.toString().replace("\r", "").replace("\t", "    ")));
        }
        return Failures.exitCode(error);
    }
}
