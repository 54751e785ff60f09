package io.espalier.events;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares two versions of a schema: what readers or writers of the old one would stumble over in the new one. */
final class SchemaCompatibility {

    private final List<String> breaks = new ArrayList<>();

    private SchemaCompatibility() {}

    /** Incompatible changes in words; empty when there are none. */
    static List<String> breaks(FileDescriptorSet before, FileDescriptorSet after) {
        SchemaCompatibility comparison = new SchemaCompatibility();
        Map<String, DescriptorProto> messages = messages(after);
        Map<String, EnumDescriptorProto> enums = enums(after);
        messages(before).forEach((name, old) -> {
            DescriptorProto now = messages.get(name);
            if (now == null) {
                comparison.breaks.add("message " + name + " is gone");
            } else {
                comparison.compareMessages(name, old, now);
            }
        });
        enums(before).forEach((name, old) -> {
            EnumDescriptorProto now = enums.get(name);
            if (now == null) {
                comparison.breaks.add("enum " + name + " is gone");
            } else {
                comparison.compareEnums(name, old, now);
            }
        });
        return comparison.breaks;
    }

    private void compareMessages(String message, DescriptorProto old, DescriptorProto now) {
        Map<Integer, FieldDescriptorProto> fields = new TreeMap<>();
        now.getFieldList().forEach(field -> fields.put(field.getNumber(), field));
        for (FieldDescriptorProto before : old.getFieldList()) {
            FieldDescriptorProto after = fields.get(before.getNumber());
            String place = message + "." + before.getName() + " = " + before.getNumber();
            if (after != null) {
                compareFields(place, before, old, after, now);
            } else if (!reserves(now, before)) {
                breaks.add(place + " was removed or renumbered without reserving its number and its name");
            }
        }
        old.getReservedRangeList().forEach(range -> {
            for (int number = range.getStart(); number < range.getEnd(); number++) {
                if (!reservesNumber(now, number)) {
                    breaks.add(message + " no longer reserves " + number);
                }
            }
        });
        old.getReservedNameList().stream()
                .filter(name -> !now.getReservedNameList().contains(name))
                .forEach(name -> breaks.add(message + " no longer reserves '" + name + "'"));
    }

    private void compareFields(
            String place,
            FieldDescriptorProto before,
            DescriptorProto old,
            FieldDescriptorProto after,
            DescriptorProto now) {
        if (!before.getName().equals(after.getName())) {
            breaks.add(place + " was renamed to " + after.getName() + ", which JSON shows");
        }
        if (before.getType() != after.getType() || !before.getTypeName().equals(after.getTypeName())) {
            breaks.add(place + " was retyped from " + type(before) + " to " + type(after));
        }
        if (before.getLabel() != after.getLabel()) {
            breaks.add(place + " changed from " + before.getLabel() + " to " + after.getLabel());
        }
        if (!oneof(before, old).equals(oneof(after, now))) {
            breaks.add(place + " moved into or out of a oneof");
        }
    }

    private void compareEnums(String name, EnumDescriptorProto old, EnumDescriptorProto now) {
        Map<Integer, String> values = new TreeMap<>();
        now.getValueList().forEach(value -> values.put(value.getNumber(), value.getName()));
        for (EnumValueDescriptorProto before : old.getValueList()) {
            String after = values.get(before.getNumber());
            String place = name + "." + before.getName() + " = " + before.getNumber();
            boolean reserved = now.getReservedNameList().contains(before.getName())
                    && now.getReservedRangeList().stream()
                            .anyMatch(range ->
                                    range.getStart() <= before.getNumber() && before.getNumber() <= range.getEnd());
            if (after == null && !reserved) {
                breaks.add(place + " was removed or renumbered without reserving its number and its name");
            } else if (after != null && !after.equals(before.getName())) {
                breaks.add(place + " was renamed to " + after);
            }
        }
    }

    private static boolean reserves(DescriptorProto message, FieldDescriptorProto field) {
        return reservesNumber(message, field.getNumber())
                && message.getReservedNameList().contains(field.getName());
    }

    private static boolean reservesNumber(DescriptorProto message, int number) {
        return message.getReservedRangeList().stream()
                .anyMatch(range -> range.getStart() <= number && number < range.getEnd());
    }

    private static String type(FieldDescriptorProto field) {
        return field.getTypeName().isEmpty() ? field.getType().name() : field.getTypeName();
    }

    private static String oneof(FieldDescriptorProto field, DescriptorProto message) {
        return field.hasOneofIndex()
                ? message.getOneofDecl(field.getOneofIndex()).getName()
                : "";
    }

    private static Map<String, DescriptorProto> messages(FileDescriptorSet set) {
        Map<String, DescriptorProto> messages = new LinkedHashMap<>();
        for (FileDescriptorProto file : set.getFileList()) {
            file.getMessageTypeList().forEach(message -> collect(file.getPackage(), message, messages));
        }
        return messages;
    }

    private static void collect(String scope, DescriptorProto message, Map<String, DescriptorProto> messages) {
        String name = scope + "." + message.getName();
        messages.put(name, message);
        message.getNestedTypeList().forEach(nested -> collect(name, nested, messages));
    }

    private static Map<String, EnumDescriptorProto> enums(FileDescriptorSet set) {
        Map<String, EnumDescriptorProto> enums = new LinkedHashMap<>();
        set.getFileList()
                .forEach(file -> file.getEnumTypeList()
                        .forEach(type -> enums.put(file.getPackage() + "." + type.getName(), type)));
        messages(set)
                .forEach((name, message) ->
                        message.getEnumTypeList().forEach(type -> enums.put(name + "." + type.getName(), type)));
        return enums;
    }
}
