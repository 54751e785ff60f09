package io.espalier.host;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts what a class did when it was loaded or instantiated into words. */
final class LoadFailures {

    private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)");
    // Java 1.0 wrote version 44, and every release since adds one.
    private static final int BEFORE_JAVA_1 = 44;

    private static final String ASK_AUTHOR = "ask the author of the plug-in for a corrected version";

    private LoadFailures() {}

    /** What happened, and what to do about it. */
    static Trouble trouble(ExtensionPoint point, String className, Throwable thrown) {
        if (thrown instanceof ClassNotFoundException) {
            return new Trouble(
                    "the services file names the class " + className + ", which the plug-in does not contain",
                    "correct the name in META-INF/services, or build the plug-in again");
        }
        if (thrown instanceof UnsupportedClassVersionError) {
            return newerJava(className, thrown);
        }
        if (thrown instanceof ExceptionInInitializerError) {
            return new Trouble("the static initialiser of " + className + " fails: " + root(thrown), ASK_AUTHOR);
        }
        if (thrown instanceof InvocationTargetException && thrown.getCause() instanceof LinkageError error) {
            return trouble(point, className, error);
        }
        if (thrown instanceof InvocationTargetException) {
            return new Trouble("the constructor of " + className + " fails: " + root(thrown), ASK_AUTHOR);
        }
        if (thrown instanceof NoSuchMethodException) {
            return new Trouble(className + " has no public constructor without arguments", ASK_AUTHOR);
        }
        if (SpiFit.isMisfit(thrown)) {
            return SpiFit.trouble(point, className, thrown);
        }
        if (thrown instanceof NoClassDefFoundError) {
            return new Trouble(
                    className + " needs the class "
                            + String.valueOf(thrown.getMessage()).replace('/', '.')
                            + ", which the plug-in does not bring",
                    "put the library into the plug-in (lib/ of a folder or zip, or shaded into the jar)");
        }
        return new Trouble(className + " cannot be used: " + thrown, ASK_AUTHOR);
    }

    private static Trouble newerJava(String className, Throwable thrown) {
        Matcher version = CLASS_FILE_VERSION.matcher(String.valueOf(thrown.getMessage()));
        int present = Runtime.version().feature();
        String needed =
                version.find() ? "Java " + (Integer.parseInt(version.group(1)) - BEFORE_JAVA_1) : "a newer Java";
        return new Trouble(
                className + " needs " + needed + ", this is Java " + present,
                "run on " + needed + ", or ask the author for a build for Java " + present);
    }

    private static String root(Throwable thrown) {
        return Optional.ofNullable(thrown.getCause()).orElse(thrown).toString();
    }
}
