package io.espalier.adapter.tflite.store;

import io.espalier.adapter.tflite.store.TableKind.Field;
import io.espalier.spi.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Walks through a whole FlatBuffer before the schema classes see it: every offset must lie in the file, every vector must
 * fit, and nothing may be reached so often that decoding would outgrow the file. Used once; not thread-safe.
 */
final class StructureCheck {

    private static final int IDENTIFIER = 'T' | 'F' << 8 | 'L' << 16 | '3' << 24;
    private static final int HEADER_BYTES = 8;

    private final Path file;
    private final ByteBuffer bytes;
    private final int size;
    /** Every table takes some bytes of its own, so an honest file has fewer tables than bytes. */
    private long budget;

    private Optional<String> newer = Optional.empty();

    private StructureCheck(Path file, ByteBuffer bytes, int size) {
        this.file = file;
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.size = size;
        this.budget = 4L * size;
    }

    /** Whether the first bytes are those of a TFLite file. */
    static boolean hasIdentifier(ByteBuffer head) {
        return head.remaining() >= HEADER_BYTES
                && head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(head.position() + 4) == IDENTIFIER;
    }

    /**
     * Checks a model.
     *
     * @param bytes the file from index 0
     * @param size bytes of the file; the buffer may be longer
     * @return a field that is newer than the schema classes, in words, where there is one: writing would lose it
     * @throws InvalidInputException when the structure is broken
     */
    static Optional<String> check(Path file, ByteBuffer bytes, int size) {
        StructureCheck check = new StructureCheck(file, bytes, size);
        check.table(check.follow(0, "the model"), TableKind.MODEL);
        return check.newer;
    }

    private void table(int place, TableKind kind) {
        spend(1, kind.name());
        demand(place, 4, kind.name());
        long vtable = (long) place - bytes.getInt(place);
        demand(vtable, 4, kind.name());
        int vtableBytes = bytes.getShort((int) vtable) & 0xFFFF;
        int tableBytes = bytes.getShort((int) vtable + 2) & 0xFFFF;
        demand(vtable, vtableBytes, kind.name());
        demand(place, tableBytes, kind.name());
        if (vtableBytes < 4 || vtableBytes % 2 != 0 || tableBytes < 4) {
            throw broken("a " + kind.name() + " table has an impossible layout");
        }
        int slots = (vtableBytes - 4) / 2;
        for (int slot = 0; slot < slots; slot++) {
            int offset = bytes.getShort((int) vtable + 4 + 2 * slot) & 0xFFFF;
            if (offset == 0) {
                continue;
            }
            if (offset < 4 || offset >= tableBytes) {
                throw broken("a field of a " + kind.name() + " table lies outside of the table");
            }
            field(place, (int) vtable, slot, place + offset, kind);
        }
    }

    private void field(int table, int vtable, int slot, int place, TableKind kind) {
        if (slot >= kind.fields().size()) {
            if (!kind.open() && newer.isEmpty()) {
                newer = Optional.of("a field of " + kind.name() + " (number " + slot + ")");
            }
            return;
        }
        Field field = kind.fields().get(slot);
        if (field instanceof TableKind.Text) {
            text(follow(place, kind.name()), kind);
        } else if (field instanceof TableKind.Numbers numbers) {
            vector(follow(place, kind.name()), numbers.bytes(), kind);
        } else if (field instanceof TableKind.Table one) {
            table(follow(place, kind.name()), one.kind());
        } else if (field instanceof TableKind.Tables many) {
            tables(follow(place, kind.name()), many.kind());
        } else if (field instanceof TableKind.Union union) {
            union(table, vtable, slot, place, union);
        }
    }

    private void union(int table, int vtable, int slot, int place, TableKind.Union union) {
        int typeOffset = bytes.getShort(vtable + 4 + 2 * (slot - 1)) & 0xFFFF;
        int type = typeOffset == 0 ? 0 : bytes.get(table + typeOffset) & 0xFF;
        if (type == 0) {
            throw broken(union.name() + " have no type");
        }
        Optional<TableKind> kind = union.kind(type);
        if (kind.isEmpty()) {
            throw new InvalidInputException("The TFLite model " + file + " uses " + union.name() + " of type " + type
                    + ", which is newer than Espalier's schema; writing the file would lose it."
                    + " Convert the model with an older converter.");
        }
        table(follow(place, union.name()), kind.get());
    }

    private void tables(int place, TableKind kind) {
        int count = vector(place, 4, kind);
        for (int i = 0; i < count; i++) {
            table(follow(place + 4 + 4 * i, kind.name()), kind);
        }
    }

    /** Checks that a vector fits and returns its length. */
    private int vector(int place, int elementBytes, TableKind kind) {
        demand(place, 4, kind.name());
        long count = bytes.getInt(place) & 0xFFFFFFFFL;
        long length = count * elementBytes;
        if (length > size - place - 4L) {
            throw broken("a vector of a " + kind.name() + " table claims " + length + " bytes, more than are left");
        }
        spend(length, kind.name());
        return (int) count;
    }

    private void text(int place, TableKind kind) {
        int length = vector(place, 1, kind);
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.duplicate().position(place + 4).limit(place + 4 + length));
        } catch (CharacterCodingException e) {
            throw broken("a text of a " + kind.name() + " table is not UTF-8");
        }
    }

    /** The place an offset points to. */
    private int follow(int place, String what) {
        demand(place, 4, what);
        long target = place + (bytes.getInt(place) & 0xFFFFFFFFL);
        if (target == place) {
            throw broken("an offset in " + what + " points to itself");
        }
        demand(target, 4, what);
        return (int) target;
    }

    private void demand(long place, long length, String what) {
        if (place < 0 || place + length > size) {
            throw broken("an offset in " + what + " points outside of the file");
        }
    }

    private void spend(long amount, String what) {
        budget -= amount;
        if (budget < 0) {
            throw broken("its parts contain each other over and over, in " + what);
        }
    }

    private InvalidInputException broken(String reason) {
        return new InvalidInputException(
                "The TFLite model " + file + " is damaged: " + reason + ". Fetch or export the file again.");
    }
}
