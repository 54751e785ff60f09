package io.espalier.adapter.dl4j.store;

import io.espalier.adapter.support.FileBytes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A saved network as a zip archive whose directory was checked. The file is open only while something is read from it.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Archive {

    public static final String CONFIGURATION = "configuration.json";
    public static final String COEFFICIENTS = "coefficients.bin";
    public static final String UPDATER_STATE = "updaterState.bin";

    private static final int MAX_ENTRIES = 1000;
    /** What the library reads into one array must fit into one. */
    private static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private static final long MAX_OTHER_BYTES = 1L << 28;

    private final Path file;
    private final long byteSize;
    private final String digest;
    private final FileTime modified;
    private final Map<String, Long> sizes;

    private Archive(Path file, FileTime modified, long byteSize, String digest, Map<String, Long> sizes) {
        this.file = file;
        this.modified = modified;
        this.byteSize = byteSize;
        this.digest = digest;
        this.sizes = Collections.unmodifiableMap(sizes);
    }

    /**
     * Opens an archive and checks its directory; nothing is unpacked.
     *
     * @throws InvalidInputException when the file is no zip archive or its directory is unsafe
     */
    public static Archive open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("There is no file " + file + ", or it is a folder; name a saved network.");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Map<String, Long> sizes = new LinkedHashMap<>();
            if (zip.size() > MAX_ENTRIES) {
                throw refused(file, "it holds " + zip.size() + " entries, and a saved network has a handful");
            }
            for (ZipEntry entry : Collections.list(zip.entries())) {
                checkEntry(file, entry);
                if (sizes.put(entry.getName(), entry.getSize()) != null) {
                    throw refused(file, "its entry " + Quoted.name(entry.getName()) + " is there twice");
                }
            }
            return new Archive(file, Files.getLastModifiedTime(file), Files.size(file), digest(file), sizes);
        } catch (ZipException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    file + " is not a complete zip archive (" + e.getMessage() + "); save the network again.", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void checkEntry(Path file, ZipEntry entry) {
        String name = entry.getName();
        boolean escapes = name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || List.of(name.split("/")).contains("..");
        if (escapes) {
            throw refused(file, "its entry " + Quoted.name(name) + " points outside of it");
        }
        long limit = name.endsWith(".bin") ? MAX_ARRAY_BYTES : MAX_OTHER_BYTES;
        if (entry.getSize() > limit || entry.getSize() < 0) {
            throw refused(
                    file,
                    "its entry " + Quoted.name(name) + " unpacks to " + entry.getSize() + " bytes, more than the "
                            + limit + " that such an entry may have");
        }
    }

    private static InvalidInputException refused(Path file, String reason) {
        return new InvalidInputException(
                file + " was not opened: " + reason + ". Save the network again with ModelSerializer.");
    }

    private static InvalidInputException unreadable(Path file, IOException e) {
        return new InvalidInputException("The file " + file + " cannot be read: " + e.getMessage() + ".", e);
    }

    /** SHA-256 of a file in lower-case hexadecimal. */
    public static String digest(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return FileBytes.digest(List.of(channel));
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Its size. */
    public long byteSize() {
        return byteSize;
    }

    /** SHA-256 of the file in lower-case hexadecimal. */
    public String digest() {
        return digest;
    }

    /** Names of the entries, in the order of the directory. */
    public List<String> entries() {
        return List.copyOf(sizes.keySet());
    }

    /** Whether there is an entry of this name. */
    public boolean has(String entry) {
        return sizes.containsKey(entry);
    }

    /** The size that the directory declares for an entry. */
    public long size(String entry) {
        return sizes.get(entry);
    }

    /**
     * Unpacks an entry, and not one byte more than its directory declares.
     *
     * @param limit bytes that are expected at most
     * @throws InvalidInputException when the entry is missing, damaged, or larger than the limit
     */
    public byte[] read(String entry, long limit) {
        if (!has(entry)) {
            throw refused(file, "it has no entry '" + entry + "'");
        }
        if (size(entry) > limit) {
            throw refused(
                    file,
                    "its entry '" + entry + "' unpacks to " + size(entry) + " bytes, where at most " + limit
                            + " are expected");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            checkUnchanged();
            return unpack(zip, zip.getEntry(entry));
        } catch (ZipException e) {
            throw refused(file, "its entry '" + entry + "' is damaged (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private void checkUnchanged() throws IOException {
        if (Files.size(file) != byteSize || !Files.getLastModifiedTime(file).equals(modified)) {
            throw new InvalidInputException("The file " + file + " has changed since it was opened; open it again.");
        }
    }

    private byte[] unpack(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            int size = Math.toIntExact(size(entry.getName()));
            byte[] bytes = in.readNBytes(size);
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (bytes.length != size || in.read() >= 0 || sum.getValue() != entry.getCrc()) {
                throw refused(
                        file, "its entry " + Quoted.name(entry.getName()) + " is not what the directory says it is");
            }
            return bytes;
        }
    }
}
