package io.espalier.engine.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file cannot be read or written, in words: no class of Java and no path, which the sentence around it names. */
public final class FileTrouble {

    private FileTrouble() {}

    /** The reason, without a full stop. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access is denied; check the permissions";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder can be there";
        }
        if (e instanceof NotDirectoryException) {
            return "what should be a folder is none";
        }
        if (e instanceof FileSystemException trouble) {
            return trouble.getReason() == null ? "the file system refuses it" : trouble.getReason();
        }
        return e.getMessage() == null ? "the file system refuses it" : e.getMessage();
    }
}
