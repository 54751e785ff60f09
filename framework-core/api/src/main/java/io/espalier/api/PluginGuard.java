package io.espalier.api;

import io.espalier.host.ExtensionPoint;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.provider.Provider;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Tells a defect of a plug-in from one of Espalier: whatever a guarded extension throws names the extension. */
final class PluginGuard {

    /** What an extension may throw as a matter of course. */
    private static final List<Class<? extends RuntimeException>> EXPECTED = List.of(
            InvalidInputException.class,
            CancellationException.class,
            ExecutionException.class,
            UncheckedIOException.class);

    private PluginGuard() {}

    static <P extends Provider> P guard(Class<P> type, P provider) {
        String name = ExtensionPoint.of(type).noun() + " '" + provider.name() + "'";
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(provider, arguments);
                    } catch (InvocationTargetException e) {
                        throw failure(name, e.getCause());
                    }
                }));
    }

    private static Throwable failure(String name, Throwable thrown) {
        boolean expected = EXPECTED.stream().anyMatch(type -> type.isInstance(thrown));
        boolean isDefect = thrown instanceof LinkageError || thrown instanceof Exception && !expected;
        return isDefect
                ? new PluginBrokenException(
                        "the " + name + " failed: " + thrown + "; tell its author, or use another one", thrown)
                : thrown;
    }
}
