package io.espalier.spi.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporary folders end with who made them, however that ends. */
final class TemporaryFolderTest {

    @TempDir
    private Path temporary;

    @Test
    void closingDeletesWhatLiesInIt() throws IOException {
        TemporaryFolder folder = TemporaryFolder.create();
        Files.createDirectories(folder.file("a").resolve("b"));
        Files.writeString(folder.file("a").resolve("b").resolve("c"), "");

        folder.close();

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void aFolderThatSomebodyTidiedUpIsMadeAnew() throws IOException {
        try (TemporaryFolder first = TemporaryFolder.create()) {
            FileTree.delete(first.path().getParent());
        }
        try (TemporaryFolder second = TemporaryFolder.create()) {
            assertThat(second.path()).isDirectory();
        }
    }

    @Test
    void aProcessThatEndsLeavesNothing() throws Exception {
        Process process = process();
        assertThat(left()).hasSize(1);
        process.getOutputStream().close();
        process.waitFor();

        assertThat(left()).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsDeletedByTheNext() throws Exception {
        Process living = process();
        Path ofTheLiving = left().get(0);
        Process killed = process();
        killed.destroyForcibly().waitFor();
        assertThat(left()).hasSize(2);

        Process next = process();

        assertThat(left()).hasSize(2).contains(ofTheLiving);
        for (Process each : List.of(living, next)) {
            each.getOutputStream().close();
            each.waitFor();
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void foldersOfOthersWithSuchANameStay() throws IOException {
        Path notes = Files.createDirectory(temporary.resolve("espalier-notes"));
        Path odd = Files.createDirectories(temporary.resolve("espalier-odd").resolve("lock"));

        ProcessFolder.deleteThoseOfTheDead(temporary);

        assertThat(notes).exists();
        assertThat(odd).exists();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(temporary)) {
            return all.filter(path -> path.getFileName().toString().startsWith("espalier-"))
                    .toList();
        }
    }

    /** Another process that has made a folder and waits for the end of its input. */
    private Process process() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsAFolder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('\n');
        return process;
    }

    /** Makes a folder and waits. */
    static final class HoldsAFolder {
        private HoldsAFolder() {}

        public static void main(String[] arguments) throws IOException {
            Files.writeString(TemporaryFolder.create().file("file"), "");
            System.out.println();
            System.in.read();
        }
    }
}
