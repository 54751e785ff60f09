package io.espalier.monitor;

import com.google.protobuf.Duration;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.Timestamp;
import java.util.Locale;

/** Values of events as the page wants them. */
final class Words {

    private static final int MAX_TEXT = 400;
    private static final int MILLIS = 1000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private Words() {}

    /** A text of bounded length. */
    static String cut(String text) {
        return cut(text, MAX_TEXT);
    }

    /** A text of at most so many characters; none is cut in two. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** A constant's name as words. */
    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A constant as words. */
    static String of(ProtocolMessageEnum constant, String prefix) {
        String name = constant.toString();
        return lower(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }

    static long millis(Timestamp time) {
        return time.getSeconds() * MILLIS + time.getNanos() / NANOS_PER_MILLI;
    }

    static long millis(Duration duration) {
        return duration.getSeconds() * MILLIS + duration.getNanos() / NANOS_PER_MILLI;
    }
}
