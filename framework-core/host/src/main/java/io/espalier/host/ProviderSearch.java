package io.espalier.host;

import io.espalier.spi.provider.Provider;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the extensions one place declares, and instantiates them one by one, so that a broken one takes nothing else
 * with it.
 */
final class ProviderSearch {

    /** Where services files of one place are found. */
    @FunctionalInterface
    interface Resources {
        List<URL> find(String name) throws IOException;
    }

    /**
     * An extension that was declared.
     *
     * @param offer the extension, when it can be used
     * @param trouble why not, when it cannot
     */
    record Declared(ExtensionPoint point, String className, Optional<Offer> offer, Optional<Trouble> trouble) {}

    private final Optional<String> pluginId;
    private final ClassLoader loader;
    private final Resources resources;

    /**
     * @param pluginId the plug-in that is searched; empty for the class path
     * @param loader loads its classes
     * @param resources finds its services files
     */
    ProviderSearch(Optional<String> pluginId, ClassLoader loader, Resources resources) {
        this.pluginId = pluginId;
        this.loader = loader;
        this.resources = resources;
    }

    /** Everything declared, in order of extension points, services files and lines. */
    List<Declared> search() {
        List<Declared> declared = new ArrayList<>();
        for (ExtensionPoint point : ExtensionPoint.ALL) {
            try {
                classNames(point).forEach(className -> declared.add(examine(point, className)));
            } catch (IOException e) {
                declared.add(new Declared(
                        point,
                        point.servicesFile(),
                        Optional.empty(),
                        Optional.of(new Trouble("the services file cannot be read: " + e, "build the plug-in again"))));
            }
        }
        return declared;
    }

    private Set<String> classNames(ExtensionPoint point) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (URL file : resources.find(point.servicesFile())) {
            names.addAll(ServicesFile.classNames(file));
        }
        return names;
    }

    private Declared examine(ExtensionPoint point, String className) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return instantiate(point, className);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            if (e.getCause() instanceof VirtualMachineError error) {
                throw error;
            }
            return refused(point, className, LoadFailures.trouble(point, className, e));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Declared instantiate(ExtensionPoint point, String className) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(className);
        Optional<Trouble> unsuitable = unsuitable(point, type);
        if (unsuitable.isPresent()) {
            return refused(point, className, unsuitable.get());
        }
        Object instance = type.getConstructor().newInstance();
        List<Class<?>> forms =
                point.forms().stream().filter(form -> form.isInstance(instance)).toList();
        Provider provider = ContextLoaderProxy.wrap(forms, instance, loader, pluginId);
        String name = provider.name();
        Optional<String> violation = NameRule.violation(name);
        if (violation.isPresent()) {
            return refused(
                    point, className, new Trouble(className + " breaks a rule: " + violation.get(), "rename it"));
        }
        String description = Optional.ofNullable(provider.description()).orElse("");
        String owner = pluginId.map(id -> "plug-in '" + id + "'").orElse("the class path");
        Offer offer = new Offer(point, name, description, provider, owner);
        return new Declared(point, className, Optional.of(offer), Optional.empty());
    }

    private static Optional<Trouble> unsuitable(ExtensionPoint point, Class<?> type) {
        String name = type.getName();
        if (!point.type().isAssignableFrom(type)) {
            return Optional.of(new Trouble(
                    name + " does not implement " + point.type().getName(),
                    "implement the interface, or correct META-INF/services"));
        }
        if (!Modifier.isPublic(type.getModifiers())) {
            return Optional.of(new Trouble(name + " is not public", "make the class public"));
        }
        if (Modifier.isAbstract(type.getModifiers())) {
            return Optional.of(new Trouble(name + " is abstract", "name a class that can be instantiated"));
        }
        return SpiFit.trouble(point, type);
    }

    private static Declared refused(ExtensionPoint point, String className, Trouble trouble) {
        return new Declared(point, className, Optional.empty(), Optional.of(trouble));
    }
}
