package io.espalier.adapter.dl4j.store;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Optional;

/**
 * A vector as ND4J saves it: a buffer that describes the shape, then a buffer with the elements, both big-endian.
 *
 * <p>The description is rank, extents, strides, flags, element stride and order; a vector has rank 1, or rank 2 with one
 * row. Immutable.
 */
public final class FlatArray {

    /** More than any header of a vector has. */
    public static final int MAX_HEADER_BYTES = 256;

    private static final int RANK_OF_VECTOR = 1;
    private static final int RANK_OF_ROW = 2;

    private final String allocation;
    private final long[] description;
    private final ElementType type;
    private final ByteBuffer elements;

    private FlatArray(String allocation, long[] description, ElementType type, ByteBuffer elements) {
        this.allocation = allocation;
        this.description = description;
        this.type = type;
        this.elements = elements;
    }

    /**
     * Parses a vector.
     *
     * @param what the entry, for messages
     * @throws InvalidInputException when the bytes are no vector of floating-point numbers, or their number does not fit
     */
    public static FlatArray parse(String what, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String allocation = in.readUTF();
            long[] description = description(what, in);
            in.readUTF();
            long length = in.readLong();
            ElementType type = elementType(what, in.readUTF());
            long present = in.available();
            if (length != length(what, description) || length < 0 || present != length * type.bytes()) {
                throw new InvalidInputException(what + " is damaged: it describes a vector of "
                        + length(what, description) + " elements, announces " + length + " of type " + type
                        + ", and holds " + present + " bytes of them; save the network again.");
            }
            ByteBuffer elements = ByteBuffer.wrap(bytes, bytes.length - (int) present, (int) present)
                    .slice()
                    .order(ByteOrder.BIG_ENDIAN);
            return new FlatArray(allocation, description, type, elements);
        } catch (IOException e) {
            throw new InvalidInputException(
                    what + " is damaged: it ends within its header; save the network again.", e);
        }
    }

    private static long[] description(String what, DataInputStream in) throws IOException {
        long count = in.readLong();
        String type = in.readUTF();
        if (!type.equals("LONG") || count < 6 || count > 8) {
            throw new InvalidInputException(what + " does not begin with the description of a vector (" + count
                    + " numbers of type " + Quoted.name(type) + "); it was not saved by DL4J 1.0.0-beta4 or newer.");
        }
        long[] description = new long[(int) count];
        for (int i = 0; i < description.length; i++) {
            description[i] = in.readLong();
        }
        return description;
    }

    private static ElementType elementType(String what, String name) {
        return ElementType.named(name)
                .orElseThrow(() -> new InvalidInputException(what + " holds elements of type " + Quoted.name(name)
                        + "; only FLOAT and DOUBLE networks can be pruned, convert the network first."));
    }

    private static long length(String what, long[] description) {
        if (description[0] == RANK_OF_VECTOR && description.length == 6) {
            return description[1];
        }
        if (description[0] == RANK_OF_ROW && description.length == 8 && description[1] == 1) {
            return description[2];
        }
        throw new InvalidInputException(
                what + " is not one vector but an array of rank " + description[0] + "; save the network again.");
    }

    /** Number of elements. */
    public long length() {
        return elements.limit() / type.bytes();
    }

    /** Type of the elements. */
    public ElementType type() {
        return type;
    }

    /** One element. */
    public double get(long index) {
        return type.get(elements, (int) index);
    }

    /** This vector with other elements in some places. */
    public FlatArray with(Optional<double[]> values, BitSet places) {
        if (values.isEmpty()) {
            return this;
        }
        ByteBuffer changed = ByteBuffer.allocate(elements.limit()).order(ByteOrder.BIG_ENDIAN);
        changed.put(elements.duplicate().rewind()).rewind();
        for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
            type.put(changed, i, values.get()[i]);
        }
        return new FlatArray(allocation, description, type, changed);
    }

    /**
     * Writes what is left of the vector, element bytes as they are.
     *
     * @param removed indices that go
     */
    public void write(OutputStream out, BitSet removed) throws IOException {
        long length = length() - removed.cardinality();
        out.write(header(length));
        int from = removed.nextClearBit(0);
        while (from < length()) {
            int next = removed.nextSetBit(from);
            int to = next < 0 ? (int) length() : next;
            int width = type.bytes();
            out.write(elements.array(), elements.arrayOffset() + from * width, (to - from) * width);
            from = removed.nextClearBit(to);
        }
    }

    private byte[] header(long length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(allocation);
            out.writeLong(description.length);
            out.writeUTF("LONG");
            for (int i = 0; i < description.length; i++) {
                out.writeLong(describes(i) ? length : description[i]);
            }
            out.writeUTF(allocation);
            out.writeLong(length);
            out.writeUTF(type.name());
        }
        return bytes.toByteArray();
    }

    /** Whether a number of the description is the length: an extent, or the step from one row to the next. */
    private boolean describes(int index) {
        return description[0] == RANK_OF_VECTOR ? index == 1 : index == 2 || index == 3 && description[3] == length();
    }
}
