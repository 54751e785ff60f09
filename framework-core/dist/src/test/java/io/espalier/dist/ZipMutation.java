package io.espalier.dist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Seeded damage to what a zip holds; the zip itself remains whole. */
final class ZipMutation {

    private ZipMutation() {}

    /** A zip one of whose entries is damaged, missing or another one. */
    static byte[] entry(byte[] zip, Random random) {
        Map<String, byte[]> entries = entries(zip);
        if (entries.isEmpty()) {
            return zip;
        }
        List<String> names = new ArrayList<>(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        String other = names.get(random.nextInt(names.size()));
        switch (random.nextInt(16)) {
            case 0 -> entries.remove(name);
            case 1 -> entries.put(name, entries.get(other));
            case 2 -> entries.put(name + "\u001b[31m", entries.remove(name));
            case 3, 4, 5, 6, 7, 8 -> entries.put(name, Mutation.text(entries.get(name), random));
            default -> entries.put(name, Mutation.bytes(entries.get(name), random));
        }
        return zipped(entries);
    }

    private static Map<String, byte[]> entries(byte[] zip) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] zipped(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
