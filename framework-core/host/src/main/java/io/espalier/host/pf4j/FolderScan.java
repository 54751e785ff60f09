package io.espalier.host.pf4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Looks through plug-in folders: what claims to be a plug-in, what cannot be one, what is something else. */
final class FolderScan {

    private final List<Archive> archives = new ArrayList<>();
    private final List<RefusedPlugin> refused = new ArrayList<>();
    private final List<IgnoredPath> ignored = new ArrayList<>();

    /** In order of the roots, and by name within a root. */
    List<Archive> archives() {
        return archives;
    }

    List<RefusedPlugin> refused() {
        return refused;
    }

    List<IgnoredPath> ignored() {
        return ignored;
    }

    void scan(Path root, boolean development) {
        if (!Files.isDirectory(root)) {
            ignored.add(new IgnoredPath(
                    root,
                    Files.exists(root) ? "is not a folder" : "does not exist",
                    "name a folder that holds plug-ins"));
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .forEach(entry -> add(entry, development));
        } catch (IOException e) {
            ignored.add(new IgnoredPath(root, "cannot be listed: " + e, "check its permissions"));
        }
    }

    private void add(Path entry, boolean development) {
        String name = entry.getFileName().toString().toLowerCase(Locale.ROOT);
        if (development) {
            addDevelopment(entry);
        } else if (Files.isDirectory(entry)) {
            addFolder(entry);
        } else if (!Files.isRegularFile(entry)) {
            ignored.add(new IgnoredPath(entry, "is a pipe or a device", "move it out of the plug-in folder"));
        } else if (name.endsWith(".jar")) {
            addIfZip(entry, "jar").ifPresent(jar -> archives.add(new Archive(jar, jar, Archive.Form.JAR)));
        } else if (name.endsWith(".zip")) {
            addIfZip(entry, "zip").ifPresent(this::addZip);
        } else {
            ignored.add(new IgnoredPath(entry, "is not a jar, a zip or a folder", "move it out of the plug-in folder"));
        }
    }

    private void addFolder(Path folder) {
        if (Files.exists(folder.resolve("plugin.properties"))
                || Files.exists(folder.resolve("classes/META-INF/MANIFEST.MF"))) {
            archives.add(new Archive(folder, folder, Archive.Form.FOLDER));
        } else {
            refuse(
                    folder,
                    "the folder has neither plugin.properties nor classes/META-INF/MANIFEST.MF",
                    "unpack a plug-in zip so that plugin.properties lies at its top, or move the folder away");
        }
    }

    private void addDevelopment(Path folder) {
        if (!Files.exists(folder.resolve("plugin.properties"))) {
            ignored.add(new IgnoredPath(
                    folder,
                    "has no plugin.properties",
                    "write one with plugin.id and plugin.version to develop in it"));
        } else if (Files.isDirectory(folder.resolve("target/classes"))) {
            archives.add(new Archive(folder, folder, Archive.Form.DEVELOPMENT));
        } else {
            refuse(
                    folder,
                    "it is not compiled: there is no target/classes",
                    "compile it, for instance with mvn compile");
        }
    }

    private void addZip(Path zip) {
        try {
            archives.add(new Archive(zip, ZipExpansion.expand(zip), Archive.Form.FOLDER));
        } catch (ZipExpansion.TooLargeException e) {
            refuse(zip, e.getMessage(), "leave it out, or unpack it into a folder there yourself if you trust it");
        } catch (IOException | RuntimeException e) {
            refuse(
                    zip,
                    "the zip cannot be expanded beside itself: " + e,
                    "make the folder writable, or unpack the zip into a folder there yourself");
        }
    }

    private Optional<Path> addIfZip(Path file, String kind) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > 0) {
                return Optional.of(file);
            }
            refuse(file, "the " + kind + " holds no entries", "build or download it again");
        } catch (ZipException e) {
            boolean empty = file.toFile().length() == 0;
            refuse(
                    file,
                    empty ? "the file is empty (0 bytes)" : "the file is not a " + kind + ": " + e.getMessage(),
                    "build or download it again");
        } catch (IOException e) {
            refuse(file, "the file cannot be read: " + e, "check its permissions");
        }
        return Optional.empty();
    }

    private void refuse(Path path, String reason, String advice) {
        refused.add(new RefusedPlugin(path, Optional.empty(), reason, advice));
    }
}
