package io.espalier.engine.guard;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.provider.FromPlugin;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** Calls one extension and blames it for what it does against its contract. Thread-safe. */
final class ProviderGuard {

    /** What an extension may throw: its input is bad, the run was cancelled, a runtime or a disk refuses. */
    private static final List<Class<? extends RuntimeException>> ALLOWED = List.of(
            InvalidInputException.class,
            CancellationException.class,
            ExecutionException.class,
            UncheckedIOException.class,
            PluginException.class);

    private final String subject;

    ProviderGuard(Provider provider) {
        this.subject = subject(provider);
    }

    /**
     * The result of a call.
     *
     * @param method the method that is called, for the message
     * @throws PluginException when the extension throws what it must not throw, or returns null
     */
    <T> T call(String method, Supplier<T> call) {
        T result;
        try {
            result = call.get();
        } catch (StackOverflowError e) {
            throw thrown(method, e);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            if (ALLOWED.stream().anyMatch(type -> type.isInstance(e))) {
                throw e;
            }
            throw thrown(method, e);
        }
        require(result != null, method + " returned null", method + " never returns null");
        return result;
    }

    /** As {@link #call}, for a method that returns nothing. */
    void run(String method, Runnable call) {
        call(method, () -> {
            call.run();
            return Boolean.TRUE;
        });
    }

    /**
     * Checks one rule of the contract.
     *
     * @param did what the extension did, for the message
     * @param rule what the contract asks, for the message
     */
    void require(boolean kept, String did, String rule) {
        if (!kept) {
            throw new PluginException(message(did, rule), null);
        }
    }

    private PluginException thrown(String method, Throwable thrown) {
        String rule = thrown instanceof LinkageError
                ? "a plug-in has to be built against the SPI of this version"
                : method + " throws only what its contract names";
        return new PluginException(message(method + " threw " + thrown, rule), thrown);
    }

    private String message(String did, String rule) {
        return "The " + subject + " breaks its contract: " + did + ", but " + rule
                + ". Ask its author for a corrected version, or use another one.";
    }

    private static String subject(Provider provider) {
        String plugin = provider instanceof FromPlugin loaded
                ? " of the plug-in " + Quoted.name(loaded.pluginId())
                : " (" + provider.getClass().getName() + ")";
        return noun(provider.getClass()) + " " + name(provider) + plugin;
    }

    private static String name(Provider provider) {
        try {
            return Quoted.name(provider.name());
        } catch (RuntimeException | LinkageError e) {
            return "without a name";
        }
    }

    private static String noun(Class<?> type) {
        Deque<Class<?>> open = new ArrayDeque<>(List.of(type));
        while (!open.isEmpty()) {
            Class<?> each = open.remove();
            if (each.isAnnotationPresent(Noun.class)) {
                return each.getAnnotation(Noun.class).value();
            }
            open.addAll(Arrays.asList(each.getInterfaces()));
            if (each.getSuperclass() != null) {
                open.add(each.getSuperclass());
            }
        }
        return "extension";
    }
}
