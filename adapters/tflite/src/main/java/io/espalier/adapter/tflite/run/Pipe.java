package io.espalier.adapter.tflite.run;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Numbers, texts and bytes between the two processes, little-endian. Not thread-safe. */
record Pipe(ReadableByteChannel in, WritableByteChannel out) {

    /** Exit code of a process that cannot load the interpreter. */
    static final int NO_INTERPRETER = 3;

    private static final int MOST_BYTES_OF_TEXT = 1 << 16;
    private static final int MOST_AXES = 64;
    private static final int MOST_TENSORS = 1 << 16;

    /** What the other process does with a model. */
    enum Request {
        LOAD,
        RESIZE,
        RUN
    }

    /** How a reply begins. */
    enum Status {
        DONE,
        REFUSED
    }

    /** Sends numbers. */
    void send(int... numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(numbers);
        send(bytes);
    }

    /** Sends a long number. */
    void sendLong(long number) throws IOException {
        send(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, number));
    }

    /** Sends a text. */
    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(bytes.length);
        send(ByteBuffer.wrap(bytes));
    }

    /** Sends a list of numbers, with its length. */
    void sendAll(int[] numbers) throws IOException {
        send(numbers.length);
        send(numbers);
    }

    /** Sends bytes, whose number the other side knows. */
    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /**
     * Receives a number.
     *
     * @throws EOFException when the other process has ended
     */
    int receive() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        receive(bytes);
        return bytes.getInt(0);
    }

    /**
     * Receives a number of things.
     *
     * @throws ProtocolException when it is negative or above a limit: something else was written here
     */
    private int receiveCount(int most) throws IOException {
        int count = receive();
        if (count < 0 || count > most) {
            throw new ProtocolException("a number of " + count + " was received");
        }
        return count;
    }

    /** Receives a long number. */
    long receiveLong() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        receive(bytes);
        return bytes.getLong(0);
    }

    /** Receives a text. */
    String receiveText() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(receiveCount(MOST_BYTES_OF_TEXT));
        receive(bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** Receives how a reply begins. */
    Status receiveStatus() throws IOException {
        return Status.values()[receiveCount(Status.values().length - 1)];
    }

    /** Receives a number of bytes. */
    int receiveSize() throws IOException {
        return receiveCount(Integer.MAX_VALUE);
    }

    /** Receives the number of tensors that follow. */
    int receiveTensors() throws IOException {
        return receiveCount(MOST_TENSORS);
    }

    /** Receives a list of numbers. */
    int[] receiveAll() throws IOException {
        int[] numbers = new int[receiveCount(MOST_AXES)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = receive();
        }
        return numbers;
    }

    /** Fills a buffer. */
    void receive(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new EOFException("the other process has ended");
            }
        }
    }
}
