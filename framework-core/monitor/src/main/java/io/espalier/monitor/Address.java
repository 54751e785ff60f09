package io.espalier.monitor;

import java.util.List;

/**
 * Where a server listens.
 *
 * @param host name or address of an interface
 * @param port 0 for any free one
 * @param names further host names under which it may be asked, {@code *} for any; addresses and {@code localhost}
 *     always may
 */
public record Address(String host, int port, List<String> names) {

    /** The loopback address: reachable from this machine only. */
    public static final String LOOPBACK = "127.0.0.1";

    public Address {
        names = List.copyOf(names);
    }

    /** An address that may be asked by any name: for what no stranger's page could make use of. */
    public static Address anyName(String host, int port) {
        return new Address(host, port, List.of("*"));
    }

    /** A port of the loopback interface. */
    public static Address loopback(int port) {
        return new Address(LOOPBACK, port, List.of());
    }
}
