package io.espalier.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Times as RFC 3339 in ASCII, the same as {@link Instant#toString} and quicker for many that lie within one second. Not
 * thread-safe.
 */
final class EventTimes {

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private long second = Long.MIN_VALUE;
    /** The present second, without the Z at its end. */
    private byte[] whole = {};

    byte[] text(long seconds, int nanos) {
        if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
            return Instant.ofEpochSecond(seconds, nanos).toString().getBytes(StandardCharsets.US_ASCII);
        }
        if (seconds != second) {
            String text = Instant.ofEpochSecond(seconds).toString();
            whole = text.substring(0, text.length() - 1).getBytes(StandardCharsets.US_ASCII);
            second = seconds;
        }
        int digits = nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9;
        byte[] text = Arrays.copyOf(whole, whole.length + (digits == 0 ? 1 : digits + 2));
        if (digits > 0) {
            text[whole.length] = '.';
            int rest = digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1000 : nanos;
            for (int i = whole.length + digits; i > whole.length; i--) {
                text[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        text[text.length - 1] = 'Z';
        return text;
    }
}
