package io.espalier.dist;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Seeded damage to the bytes of a file, as a list of steps each of which can be left out: a smaller list that still does harm is
 * easier to understand.
 *
 * @param steps seeds of the steps, applied in order
 */
record Mutation(List<Long> steps) {

    private static final int MOST_STEPS = 4;

    /** Numbers at which counting goes wrong. */
    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        7,
        -1,
        -2,
        127,
        128,
        255,
        256,
        32767,
        65535,
        1_000_003,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final Pattern PART = Pattern.compile("-?\\d+(\\.\\d+)?|\"[^\"]*\"|'[^']*'|true|false|null");

    Mutation {
        steps = List.copyOf(steps);
    }

    /** The damage of a seed. */
    static Mutation of(long seed) {
        Random random = new Random(seed);
        return new Mutation(random.longs(1 + random.nextInt(MOST_STEPS)).boxed().toList());
    }

    /** Damages a file in one place. */
    @FunctionalInterface
    interface Step {
        byte[] apply(byte[] whole, Random random);
    }

    /** A file after the damage. */
    byte[] apply(byte[] whole, Step damage) {
        byte[] bytes = whole;
        for (long step : steps) {
            bytes = damage.apply(bytes, new Random(step));
        }
        return bytes;
    }

    /** The same damage without one of its steps, for each of them. */
    List<Mutation> smaller() {
        return steps.size() == 1
                ? List.of()
                : IntStream.range(0, steps.size())
                        .mapToObj(out -> new Mutation(IntStream.range(0, steps.size())
                                .filter(at -> at != out)
                                .mapToObj(steps::get)
                                .toList()))
                        .toList();
    }

    /** Damage to any bytes. */
    static byte[] bytes(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int place = random.nextInt(bytes.length);
        long edge = EDGES[random.nextInt(EDGES.length)];
        int length = 1 + random.nextInt(Math.min(64, bytes.length - place));
        return switch (random.nextInt(10)) {
            case 0 -> Arrays.copyOf(bytes, place);
            case 1 -> joined(Arrays.copyOf(bytes, place), tail(bytes, place + length));
            case 2 -> joined(Arrays.copyOf(bytes, place + length), tail(bytes, place));
            case 3 -> overwritten(bytes, place, little(edge, 1 << random.nextInt(4)));
            case 4 -> overwritten(bytes, place & ~3, little(edge, 4));
            case 5 -> joined(joined(Arrays.copyOf(bytes, place), varint(edge)), tail(bytes, place + 1));
            case 6 -> overwritten(bytes, place, Arrays.copyOfRange(bytes, random.nextInt(place + 1), place + 1));
            default -> overwritten(bytes, place, new byte[] {(byte) random.nextInt(256)});
        };
    }

    /** Damage to a text: a number or a quoted word becomes another one; without either, to its bytes. */
    static byte[] text(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<MatchResult> parts = PART.matcher(text).results().toList();
        if (parts.isEmpty() || random.nextInt(4) == 0) {
            return bytes(bytes, random);
        }
        MatchResult part = parts.get(random.nextInt(parts.size()));
        MatchResult other = parts.get(random.nextInt(parts.size()));
        String instead = random.nextBoolean() ? other.group() : Long.toString(EDGES[random.nextInt(EDGES.length)]);
        String changed = text.substring(0, part.start()) + instead + text.substring(part.end());
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length);
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] whole = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, whole, head.length, tail.length);
        return whole;
    }

    private static byte[] overwritten(byte[] bytes, int place, byte[] with) {
        byte[] changed = bytes.clone();
        System.arraycopy(with, 0, changed, place, Math.min(with.length, bytes.length - place));
        return changed;
    }

    private static byte[] little(long number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (number >> 8 * i);
        }
        return bytes;
    }

    private static byte[] varint(long number) {
        byte[] bytes = new byte[10];
        int length = 0;
        long rest = number;
        do {
            bytes[length++] = (byte) (rest & 0x7F | (rest >>> 7 == 0 ? 0 : 0x80));
            rest >>>= 7;
        } while (rest != 0);
        return Arrays.copyOf(bytes, length);
    }
}
