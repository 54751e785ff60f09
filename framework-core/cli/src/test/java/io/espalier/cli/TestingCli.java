package io.espalier.cli;

import io.espalier.api.Espalier;
import io.espalier.spi.provider.Provider;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;

/** Runs commands in this process, with hand-made extensions and captured streams. */
final class TestingCli {

    private final Function<List<Path>, Espalier> plugins;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<Path> roots = new ArrayList<>();
    private boolean terminal;
    private String answers = "";
    private Path home = Path.of("home");

    private TestingCli(Function<List<Path>, Espalier> plugins) {
        this.plugins = plugins;
    }

    static TestingCli with(Provider... providers) {
        return new TestingCli(roots -> {
            Espalier.Builder builder = Espalier.builder().withoutClassPath();
            List.of(providers).forEach(builder::extension);
            return builder.build();
        });
    }

    static TestingCli loading(Function<List<Path>, Espalier> plugins) {
        return new TestingCli(plugins);
    }

    TestingCli onTerminal() {
        terminal = true;
        return this;
    }

    /** What is typed when a command asks. */
    TestingCli answering(String lines) {
        answers = lines;
        return this;
    }

    /** The folder that Espalier seems to be started from. */
    TestingCli home(Path folder) {
        home = folder;
        return this;
    }

    TestingCli variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** The plug-in folders the last command asked for. */
    List<Path> roots() {
        return roots;
    }

    /** The command line, to be looked at. */
    static CommandLine commandLine() {
        return CommandLines.of(with().environment(new StringWriter(), new StringWriter()));
    }

    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = CommandLines.execute(environment(out, err), arguments);
        return new Result(exitCode, unix(out), unix(err));
    }

    private Environment environment(StringWriter out, StringWriter err) {
        return new Environment(
                new BufferedReader(new StringReader(answers)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                terminal,
                terminal,
                variables,
                Optional.of(home),
                (found, budget) -> {
                    roots.clear();
                    roots.addAll(found);
                    return plugins.apply(found);
                },
                new Interruption());
    }

    private static String unix(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    /** What a command did. */
    record Result(int exitCode, String out, String err) {}
}
