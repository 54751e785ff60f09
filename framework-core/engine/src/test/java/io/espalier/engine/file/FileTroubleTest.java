package io.espalier.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileTroubleTest {

    private static final String PLACE = "/tmp/.espalier-hidden";

    @Test
    void aReasonNamesNoClassAndNoTemporaryFile() {
        List<IOException> troubles = List.of(
                new AccessDeniedException(PLACE),
                new NoSuchFileException(PLACE),
                new NotDirectoryException(PLACE),
                new DirectoryNotEmptyException(PLACE),
                new FileSystemException(PLACE),
                new FileSystemException(PLACE, null, "No space left on device"),
                new EOFException());

        assertThat(troubles)
                .allSatisfy(trouble -> assertThat(FileTrouble.reason(trouble))
                        .isNotBlank()
                        .doesNotContain("Exception", PLACE, "java."));
        assertThat(FileTrouble.reason(troubles.get(0))).contains("access is denied");
        assertThat(FileTrouble.reason(troubles.get(5))).isEqualTo("No space left on device");
    }
}
