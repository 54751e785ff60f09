package io.espalier.adapter.dl4j;

import io.espalier.adapter.dl4j.store.Archive;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What a file says about its making: a properties file of its own in the archive, which DL4J passes over. */
final class Provenance {

    static final String ENTRY = "espalier.properties";

    private static final long MAX_BYTES = 1 << 20;

    private Provenance() {}

    static Map<String, String> of(Archive archive) {
        if (!archive.has(ENTRY)) {
            return Map.of();
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(archive.read(ENTRY, MAX_BYTES), StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            // Somebody else's entry of that name; it says nothing that could be shown.
            return Map.of();
        }
        Map<String, String> entries = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> entries.put(name, properties.getProperty(name)));
        return entries;
    }

    /** Entries with others added or replaced, in the order of their names. */
    static byte[] bytes(Map<String, String> before, Map<String, String> added) {
        Map<String, String> entries = new TreeMap<>(before);
        entries.putAll(added);
        StringBuilder text = new StringBuilder();
        entries.forEach((name, value) ->
                text.append(escaped(name)).append('=').append(escaped(value)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\f' -> escaped.append("\\f");
                case '\\', '=', ':', '#', '!', ' ' -> escaped.append('\\').append(c);
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
