package io.espalier.monitor;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which hosts a request may name. A page of a stranger can make a browser ask us under the stranger's own name (DNS
 * rebinding) and then read the answer; addresses cannot be rebound, names can.
 */
final class HostNames {

    private static final String ANY = "*";
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.]+\\]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final Set<String> names = new TreeSet<>(Set.of("localhost"));

    HostNames(List<String> further) {
        further.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Whether a request may be answered.
     *
     * @param header the Host header, null when there is none
     */
    boolean allow(String header) {
        if (header == null) {
            return false;
        }
        if (names.contains(ANY)) {
            return true;
        }
        String host = PORT.matcher(header).replaceFirst("").toLowerCase(Locale.ROOT);
        return IPV4.matcher(host).matches() || IPV6.matcher(host).matches() || names.contains(host);
    }
}
