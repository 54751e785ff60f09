package io.espalier.events;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The file under a journal, as far as a journal needs it. */
interface JournalOutput {

    void write(byte[] record) throws IOException;

    /** Cuts the file to a length and continues there. */
    void truncate(long length) throws IOException;

    void close() throws IOException;

    /**
     * Opens an empty file. A {@link RandomAccessFile} and not a channel: an interrupt, the usual way to cancel a run,
     * would close a channel in the middle of the story.
     */
    static JournalOutput open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            file.setLength(0);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return new JournalOutput() {
            @Override
            public void write(byte[] record) throws IOException {
                file.write(record);
            }

            @Override
            public void truncate(long length) throws IOException {
                file.setLength(length);
                file.seek(length);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
