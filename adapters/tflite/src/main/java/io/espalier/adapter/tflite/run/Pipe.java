package io.espalier.adapter.tflite.run;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Numbers, texts and bytes between the two processes, little-endian. Not thread-safe. */
record Pipe(ReadableByteChannel in, WritableByteChannel out) {

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

    /** Receives a long number. */
    long receiveLong() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        receive(bytes);
        return bytes.getLong(0);
    }

    /** Receives a text. */
    String receiveText() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(receive());
        receive(bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** Receives a list of numbers. */
    int[] receiveAll() throws IOException {
        int[] numbers = new int[receive()];
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
