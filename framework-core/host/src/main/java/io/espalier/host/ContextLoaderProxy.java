package io.espalier.host;

import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.execution.Session;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.provider.FromPlugin;
import io.espalier.spi.provider.Provider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the class loader of a plug-in the context class loader while the plug-in runs; many libraries look for their
 * own parts through it. Objects with behaviour that a plug-in returns are wrapped too.
 */
final class ContextLoaderProxy implements InvocationHandler {

    /** Return types that are wrapped: those whose methods run code of the plug-in that may look for classes. */
    private static final Set<Class<?>> WRAPPED_RESULTS =
            Set.of(Model.class, Runner.class, Session.class, Dataset.class, Measurement.class);

    private final Object target;
    private final ClassLoader loader;
    private final Optional<String> pluginId;

    private ContextLoaderProxy(Object target, ClassLoader loader, Optional<String> pluginId) {
        this.target = target;
        this.loader = loader;
        this.pluginId = pluginId;
    }

    /**
     * Wraps an extension.
     *
     * @param forms the SPI interfaces it implements
     * @param pluginId the plug-in it comes from; empty when it lies on the class path
     */
    static Provider wrap(List<Class<?>> forms, Object target, ClassLoader loader, Optional<String> pluginId) {
        List<Class<?>> interfaces = new ArrayList<>(forms);
        pluginId.ifPresent(id -> interfaces.add(FromPlugin.class));
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(),
                interfaces.toArray(Class<?>[]::new),
                new ContextLoaderProxy(target, loader, pluginId));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class && method.getName().equals("equals")) {
            return isProxyOfSame(arguments[0]);
        }
        if (method.getDeclaringClass() == FromPlugin.class) {
            return pluginId.orElseThrow();
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object result = method.invoke(target, arguments);
            return result != null && WRAPPED_RESULTS.contains(method.getReturnType())
                    ? wrapResult(method.getReturnType(), result)
                    : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Object wrapResult(Class<?> type, Object result) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new ContextLoaderProxy(result, loader, pluginId));
    }

    private boolean isProxyOfSame(Object other) {
        return other != null
                && Proxy.isProxyClass(other.getClass())
                && Proxy.getInvocationHandler(other) instanceof ContextLoaderProxy handler
                && handler.target == target;
    }
}
