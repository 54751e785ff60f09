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
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    /** A constant as words. */
    static String of(ProtocolMessageEnum constant, String prefix) {
        String name = constant.toString();
        return (name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }

    static long millis(Timestamp time) {
        return time.getSeconds() * MILLIS + time.getNanos() / NANOS_PER_MILLI;
    }

    static long millis(Duration duration) {
        return duration.getSeconds() * MILLIS + duration.getNanos() / NANOS_PER_MILLI;
    }
}
