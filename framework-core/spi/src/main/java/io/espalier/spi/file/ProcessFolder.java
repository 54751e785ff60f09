package io.espalier.spi.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of this process among the temporary files. A file in it is locked as long as the process lives; the lock, and
 * not the number of the process, tells the living from the dead, because containers that share the folder number alike.
 */
final class ProcessFolder {

    static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private static final String PREFIX = "espalier-";
    private static final String LOCK = "lock";

    private static ProcessFolder current;

    private final Path path;
    private final FileChannel lock;

    private ProcessFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** The folder of this process, made when there is none: at first, or because somebody tidied up. */
    static synchronized Path current() throws IOException {
        if (current == null) {
            deleteThoseOfTheDead(TEMPORARY);
            Runtime.getRuntime().addShutdownHook(new Thread(ProcessFolder::end, "espalier-temporary-files"));
        } else if (Files.isDirectory(current.path)) {
            return current.path;
        } else {
            current.lock.close();
        }
        current = open(TEMPORARY);
        return current.path;
    }

    private static synchronized void end() {
        if (current == null) {
            return;
        }
        try {
            current.lock.close();
            FileTree.delete(current.path);
        } catch (IOException stillInUse) {
            // The next process deletes it.
            return;
        }
    }

    /** The lock gets its name when it is held, so that nobody finds it free before. */
    private static ProcessFolder open(Path temporary) throws IOException {
        Path path = Files.createTempDirectory(temporary, prefix());
        Path unnamed = path.resolve("new");
        FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(unnamed, path.resolve(LOCK));
        return new ProcessFolder(path, lock);
    }

    private static String prefix() {
        return PREFIX + ProcessHandle.current().pid() + "-";
    }

    static void deleteNowOrAtTheEnd(Path path) {
        try {
            FileTree.delete(path);
        } catch (IOException stillInUse) {
            // It lies in the folder of this process, which is deleted when the process ends.
            return;
        }
    }

    /** Deletes the folders of processes that do not live any more; those that may not be deleted stay. */
    static void deleteThoseOfTheDead(Path temporary) throws IOException {
        for (Path folder : foldersOfOthers(temporary)) {
            if (isOfTheDead(folder.resolve(LOCK))) {
                deleteNowOrAtTheEnd(folder);
            }
        }
    }

    /** This process is left out: opening and closing the file of a lock that it holds itself would free the lock. */
    private static List<Path> foldersOfOthers(Path temporary) throws IOException {
        try (Stream<Path> all = Files.list(temporary)) {
            return all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(path -> !path.getFileName().toString().startsWith(prefix()))
                    .filter(path -> Files.isRegularFile(path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static boolean isOfTheDead(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (AccessDeniedException | NoSuchFileException | OverlappingFileLockException notOurs) {
            return false;
        }
    }
}
