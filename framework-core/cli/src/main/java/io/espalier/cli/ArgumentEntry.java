package io.espalier.cli;

import java.util.List;

/**
 * An option that a file gives.
 *
 * @param place where it stands, for messages
 * @param key the option without its dashes, or the name of a parameter in lower case
 * @param values what is given for it, as it would be typed
 */
record ArgumentEntry(String place, String key, List<String> values) {

    ArgumentEntry {
        values = List.copyOf(values);
    }
}
