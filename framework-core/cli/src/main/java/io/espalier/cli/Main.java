package io.espalier.cli;

import io.espalier.api.Espalier;
import io.espalier.spi.Budget;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Starts Espalier from the command line. */
public final class Main {

    /** The assembled folder; the launcher sets it. */
    private static final String HOME = "espalier.home";

    /** Which of {@code out} and {@code err} are terminals; the launcher sets it, since Java cannot tell them apart. */
    private static final String TERMINALS = "espalier.terminals";

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Locale.setDefault(Locale.ROOT);
        Optional<Path> home = home();
        if (home.isPresent()
                && Main.class.getClassLoader() == ClassLoader.getSystemClassLoader()
                && !Libraries.wanted(arguments).isEmpty()) {
            ClassLoader loader = Libraries.loader(home.get(), Libraries.wanted(arguments));
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(Main.class.getName())
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
            return;
        }
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        Environment environment = environment(output);
        environment.interruption().listen();
        int exitCode = CommandLines.execute(environment, arguments);
        environment.out().flush();
        exitCode = exitCode == ExitCode.OK ? exitCode(output, environment.err()) : exitCode;
        environment.err().flush();
        environment.interruption().ended();
        System.exit(exitCode);
    }

    /** The code of a command that worked, which depends on whether its result could be printed. */
    private static int exitCode(StandardOutput output, PrintWriter err) {
        if (output.isClosed()) {
            return ExitCode.CLOSED_OUTPUT;
        }
        output.trouble().ifPresent(reason -> err.println("espalier: standard output cannot be written: " + reason));
        return output.trouble().isPresent() ? ExitCode.FAILED : ExitCode.OK;
    }

    private static Environment environment(StandardOutput output) {
        String terminals = System.getProperty(TERMINALS, System.console() == null ? "" : "out,err");
        return new Environment(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                writer(output),
                writer(new FileOutputStream(FileDescriptor.err)),
                List.of(terminals.split(",")).contains("out"),
                List.of(terminals.split(",")).contains("err"),
                System.getenv(),
                home(),
                Main::open,
                new Interruption());
    }

    private static Espalier open(List<Path> folders, Budget budget) {
        Espalier.Builder builder = Espalier.builder().withoutClassPath().budget(budget);
        folders.forEach(builder::plugins);
        return builder.build();
    }

    private static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty(HOME)).map(Path::of);
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
