package io.espalier.cli;

import io.espalier.api.Espalier;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
        Environment environment = environment();
        environment.interruption().listen();
        int exitCode = CommandLines.of(environment).execute(arguments);
        environment.out().flush();
        environment.err().flush();
        if (environment.out().checkError() && exitCode == ExitCode.OK) {
            exitCode = ExitCode.FAILED;
        }
        environment.interruption().ended();
        System.exit(exitCode);
    }

    private static Environment environment() {
        String terminals = System.getProperty(TERMINALS, System.console() == null ? "" : "out,err");
        return new Environment(
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                List.of(terminals.split(",")).contains("out"),
                List.of(terminals.split(",")).contains("err"),
                System.getenv(),
                home(),
                Main::open,
                new Interruption());
    }

    private static Espalier open(List<Path> folders) {
        Espalier.Builder builder = Espalier.builder().withoutClassPath();
        folders.forEach(builder::plugins);
        return builder.build();
    }

    private static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty(HOME)).map(Path::of);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
