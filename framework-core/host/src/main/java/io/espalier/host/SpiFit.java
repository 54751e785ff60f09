package io.espalier.host;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells extensions that were built for another version of the SPI, and what their authors must change. */
final class SpiFit {

    private static final String SPI = "io/espalier/spi/";

    private SpiFit() {}

    /** Methods that an extension does not implement, because it was built when there were others; empty when none. */
    static Optional<Trouble> trouble(ExtensionPoint point, Class<?> type) {
        List<Method> missing = point.forms().stream()
                .filter(form -> form.isAssignableFrom(type))
                .flatMap(form -> Arrays.stream(form.getMethods()))
                .filter(method -> Modifier.isAbstract(method.getModifiers()) && !isImplemented(type, method))
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trouble(
                        type.getName() + " was built for another version of the SPI: it lacks "
                                + missing.stream().map(SpiFit::shown).collect(Collectors.joining(", ")),
                        advice("implement " + (missing.size() == 1 ? "it" : "them"))));
    }

    private static boolean isImplemented(Class<?> type, Method method) {
        try {
            return !Modifier.isAbstract(
                    type.getMethod(method.getName(), method.getParameterTypes()).getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** Whether loading a class failed because the SPI it was built for is not the present one. */
    static boolean isMisfit(Throwable thrown) {
        return thrown instanceof IncompatibleClassChangeError
                || thrown instanceof NoClassDefFoundError
                        && String.valueOf(thrown.getMessage()).startsWith(SPI);
    }

    /** What a misfit has to change. */
    static Trouble trouble(ExtensionPoint point, String className, Throwable thrown) {
        String built = className + " was built for another version of the SPI: ";
        if (thrown instanceof NoClassDefFoundError) {
            return new Trouble(
                    built + "it needs " + thrown.getMessage().replace('/', '.') + ", which is not there any more",
                    advice("use what took its place"));
        }
        String forms = point.forms().stream().map(Class::getName).collect(Collectors.joining(" or "));
        return new Trouble(
                built + thrown.getMessage(),
                advice(point.type().isSealed() ? "implement " + forms : "adapt the class"));
    }

    private static String advice(String change) {
        return change + " and build against espalier-spi " + SpiVersion.current()
                + "; docs/spi-changes.md shows each change";
    }

    private static String shown(Method method) {
        return Stream.of(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(
                        ", ", method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(", ")"));
    }
}
