package io.espalier.cli;

import io.espalier.api.Espalier;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Style;
import io.espalier.spi.Budget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What the commands have in common: where they write, and the extensions they find. */
abstract class AbstractCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    final Environment environment;

    AbstractCommand(Environment environment) {
        this.environment = environment;
    }

    /** Does the work and returns the exit code. */
    abstract int run();

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (LinkageError e) {
            throw Failure.of(ExitCode.PLUGIN, "a plug-in does not fit: " + e, e);
        } catch (OutOfMemoryError e) {
            throw Failure.of(
                    ExitCode.FAILED, "out of memory; give Java more, for instance ESPALIER_JAVA_OPTS=-Xmx8g", e);
        } catch (StackOverflowError e) {
            throw Failure.of(ExitCode.FAILED, "nested too deeply; try ESPALIER_JAVA_OPTS=-Xss64m", e);
        }
    }

    final Style outStyle() {
        return new Style(environment.outIsTerminal() && environment.allowsColour() && !common.noColour);
    }

    final Style errStyle() {
        return new Style(environment.errIsTerminal() && environment.allowsColour() && !common.noColour);
    }

    /** How much of long lists is shown. */
    final RowLimit limit() {
        return new RowLimit(common.verbose);
    }

    /** Prints a line of the result. */
    final void print(String line) {
        environment.out().println(line);
    }

    /** Prints where a result lies. */
    final void printPath(String what, Path file) {
        print(String.format(Locale.ROOT, "%-7s  %s", what, Clean.text(file.toString())));
    }

    /** Says something that is not the result, unless silence was asked for. */
    final void say(String line) {
        if (!common.quiet) {
            environment.err().println("espalier: " + Clean.text(line));
        }
    }

    /** Opens Espalier with the plug-ins that ship with it and those of the folders named on the command line. */
    final Espalier open() {
        return open(Budget.DEFAULT);
    }

    /** The same for models that may ask for so much work. */
    final Espalier open(Budget budget) {
        List<Path> roots = new ArrayList<>();
        environment.home().ifPresent(home -> roots.add(home.resolve("plugins")));
        for (Path folder : common.plugins) {
            if (!Files.isDirectory(folder)) {
                throw Failure.usage("--plugins: '" + folder + "' is not a folder; name a folder that holds plug-ins");
            }
            roots.add(folder);
        }
        return environment.plugins().apply(roots, budget);
    }
}
