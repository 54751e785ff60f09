package io.espalier.plugin.npz;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an npy array, as NumPy's format description (NEP 1) defines it.
 *
 * @param typeName the type as NumPy writes it, such as {@code <f4}
 * @param type element type
 * @param shape extents
 * @param fortranOrder whether the first axis varies fastest
 * @param bytes length of the header; the elements follow
 * @param dataBytes length of the elements
 */
record NpyHeader(String typeName, DataType type, List<Long> shape, boolean fortranOrder, int bytes, long dataBytes) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_TEXT_BYTES = 1 << 16;

    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(((?:\\s*\\d{1,18}L?\\s*,?)*)\\s*\\)");
    private static final Pattern EXTENT = Pattern.compile("\\d+");

    private static final Map<String, DataType> TYPES = Map.ofEntries(
            Map.entry("f2", DataType.FLOAT16),
            Map.entry("f4", DataType.FLOAT32),
            Map.entry("f8", DataType.FLOAT64),
            Map.entry("i1", DataType.INT8),
            Map.entry("i2", DataType.INT16),
            Map.entry("i4", DataType.INT32),
            Map.entry("i8", DataType.INT64),
            Map.entry("u1", DataType.UINT8),
            Map.entry("u2", DataType.UINT16),
            Map.entry("u4", DataType.UINT32),
            Map.entry("u8", DataType.UINT64),
            Map.entry("b1", DataType.BOOL));

    /** Whether a file begins like an npy array. */
    static boolean begins(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads a header; the stream then stands at the first element.
     *
     * @param owner what is being read, for messages
     * @throws InvalidInputException when this is no npy array, or one that cannot be used
     */
    static NpyHeader read(String owner, InputStream in) throws IOException {
        byte[] preamble = exactly(in, MAGIC.length + 2);
        if (!Arrays.equals(preamble, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new InvalidInputException(owner + " is not an npy array; write the file with numpy.savez");
        }
        int version = preamble[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new InvalidInputException(
                    owner + " has npy format version " + version + "; versions 1 to 3 are known");
        }
        byte[] lengthBytes = exactly(in, version == 1 ? 2 : 4);
        long length = 0;
        for (int i = lengthBytes.length - 1; i >= 0; i--) {
            length = length << 8 | lengthBytes[i] & 0xFF;
        }
        if (length > MAX_TEXT_BYTES) {
            throw new InvalidInputException(owner + " has a header of " + length + " bytes; it is damaged");
        }
        String text = new String(exactly(in, (int) length), StandardCharsets.UTF_8);
        return parse(owner, text, preamble.length + lengthBytes.length + (int) length);
    }

    private static NpyHeader parse(String owner, String text, int bytes) {
        String typeName = find(TYPE, text)
                .orElseThrow(() -> new InvalidInputException(
                        owner + " holds structures or has a damaged header; numbers and booleans can be read"));
        DataType type = type(owner, typeName);
        boolean fortranOrder = find(ORDER, text)
                .map("True"::equals)
                .orElseThrow(() -> new InvalidInputException(owner + " has a header without 'fortran_order'"));
        List<Long> shape = find(SHAPE, text)
                .map(NpyHeader::extents)
                .orElseThrow(() -> new InvalidInputException(owner + " has a header without a usable 'shape'"));
        return new NpyHeader(typeName, type, shape, fortranOrder, bytes, dataBytes(owner, shape, type));
    }

    private static DataType type(String owner, String typeName) {
        DataType type = typeName.length() == 3 && "<>|".indexOf(typeName.charAt(0)) >= 0
                ? TYPES.get(typeName.substring(1))
                : null;
        if (type == null || type.bytes() > 1 && typeName.charAt(0) == '|') {
            throw new InvalidInputException(owner + " has elements of type '" + typeName
                    + "'; convert it to numbers (float16 to float64, int8 to uint64) or booleans");
        }
        return type;
    }

    private static long dataBytes(String owner, List<Long> shape, DataType type) {
        try {
            return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new InvalidInputException(owner + " declares the impossible shape " + shape, e);
        }
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static List<Long> extents(String tuple) {
        List<Long> extents = new ArrayList<>();
        for (Matcher matcher = EXTENT.matcher(tuple); matcher.find(); ) {
            extents.add(Long.parseLong(matcher.group()));
        }
        return List.copyOf(extents);
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it ends within the header");
        }
        return bytes;
    }

    /** Whether the elements lie in row-major order; with fewer than two axes both orders are the same. */
    boolean isRowMajor() {
        return !fortranOrder || shape.size() < 2;
    }

    /** Reverses the bytes of each element in a range when the array is big-endian. */
    void toLittleEndian(byte[] data, int from, int length) {
        int width = type.bytes();
        if (typeName.charAt(0) != '>' || width == 1) {
            return;
        }
        for (int element = from; element < from + length; element += width) {
            for (int low = element, high = element + width - 1; low < high; low++, high--) {
                byte swapped = data[low];
                data[low] = data[high];
                data[high] = swapped;
            }
        }
    }
}
