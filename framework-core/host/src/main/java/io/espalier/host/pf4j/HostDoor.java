package io.espalier.host.pf4j;

import java.util.List;

/**
 * What plug-ins see of the host: the JDK, the SPI, slf4j and PF4J's own types. Everything else they bring themselves,
 * so that no plug-in comes to depend on a library or a class that merely happens to be there.
 */
final class HostDoor extends ClassLoader {

    /** Packages always taken from the host, also when a plug-in carries a copy. */
    static final List<String> SHARED = List.of("io.espalier.spi.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    HostDoor(ClassLoader host) {
        super("espalier-host-door", ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    static boolean isShared(String className) {
        return SHARED.stream().anyMatch(className::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isShared(name) || name.startsWith("org.pf4j.")) {
            return host.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
