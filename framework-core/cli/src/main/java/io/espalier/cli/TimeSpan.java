package io.espalier.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time as people type it: {@code 90s}, {@code 10m}, {@code 1h30m}. */
final class TimeSpan implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String typed) {
        try {
            return Duration.parse("PT" + typed.strip().toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + typed + "' is no length of time; give one like 90s, 10m or 1h30m");
        }
    }
}
