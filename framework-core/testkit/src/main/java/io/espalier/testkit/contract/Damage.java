package io.espalier.testkit.contract;

import java.util.Arrays;
import java.util.Random;

/** Seeded damage to the bytes of a file. */
final class Damage {

    /** Structure lies at the ends of most formats, weights in between. */
    private static final int ENDS = 4096;

    private Damage() {}

    /** The beginning of a file: cut within the first bytes for small seeds, anywhere for others. */
    static byte[] truncated(byte[] whole, int seed) {
        int length = seed < 16 ? seed * 4 : new Random(seed).nextInt(whole.length);
        return Arrays.copyOf(whole, Math.min(length, whole.length - 1));
    }

    /** A file with one to three bytes changed. */
    static byte[] flipped(byte[] whole, int seed) {
        Random random = new Random(seed);
        byte[] bytes = whole.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            bytes[place(bytes.length, random)] ^= (byte) (1 + random.nextInt(255));
        }
        return bytes;
    }

    private static int place(int length, Random random) {
        int reach = Math.min(ENDS, length);
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(reach);
            case 1 -> length - 1 - random.nextInt(reach);
            default -> random.nextInt(length);
        };
    }

    /** Noise, every other time behind the first bytes of a file. */
    static byte[] noise(byte[] whole, int seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[1 + random.nextInt(5000)];
        random.nextBytes(bytes);
        if (seed % 2 == 0) {
            System.arraycopy(whole, 0, bytes, 0, Math.min(16, Math.min(whole.length, bytes.length)));
        }
        return bytes;
    }
}
