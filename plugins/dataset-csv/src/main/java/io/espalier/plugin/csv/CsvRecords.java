package io.espalier.plugin.csv;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifiers;
import java.io.InputStream;

/** How text becomes records: cells are trimmed, empty lines passed over, and records of any length handed over. */
final class CsvRecords {

    private static final int MOST_FIELDS = 1 << 20;

    private CsvRecords() {}

    static CsvReader<CsvRecord> of(char delimiter, String text) {
        return settings(delimiter).build(handler(), text);
    }

    static CsvReader<CsvRecord> of(char delimiter, InputStream in) {
        return settings(delimiter).build(handler(), in);
    }

    private static CsvReader.CsvReaderBuilder settings(char delimiter) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .detectBomHeader(true);
    }

    private static CsvRecordHandler handler() {
        return CsvRecordHandler.of(each -> each.maxFields(MOST_FIELDS).fieldModifier(FieldModifiers.TRIM));
    }
}
