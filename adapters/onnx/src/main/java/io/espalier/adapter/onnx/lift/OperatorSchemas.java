package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.lift.OperatorSchema.Setting;
import io.espalier.adapter.onnx.lift.OperatorSchema.Slot;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operators of ONNX from opset 7 on, out of {@code operators.txt}, whose head says how its lines are to be read. */
final class OperatorSchemas {

    private static final int OLDEST = 7;
    private static final Pattern OPERATOR = Pattern.compile("(\\w+)(?:@(\\d+))?(?:-(\\d+))?");
    private static final Pattern SLOT = Pattern.compile("(\\w+(?:\\.\\.\\.)?)(\\*|\\?(\\d*))?(?:@(\\d+))?");
    private static final Pattern SETTING = Pattern.compile("(\\w+):(\\w+)(!|=([^@]*))?(?:@(\\d+))?");

    /** Loaded when the first node is added. */
    private static final class Loaded {
        private static final Map<String, OperatorSchema> OPERATORS = load();
    }

    private OperatorSchemas() {}

    /** An operator of any opset from 7 on. */
    static Optional<OperatorSchema> of(String operator) {
        return Optional.ofNullable(Loaded.OPERATORS.get(operator));
    }

    private static Map<String, OperatorSchema> load() {
        Map<String, OperatorSchema> operators = new LinkedHashMap<>();
        try (InputStream stream = OperatorSchemas.class.getResourceAsStream("operators.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(OperatorSchemas::parse)
                    .forEach(operator -> {
                        operators.put(operator.name(), operator);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(operators);
    }

    private static OperatorSchema parse(String line) {
        String[] parts = line.split(";", -1);
        Matcher head = matched(OPERATOR, parts[0].strip());
        int since = number(head.group(2), OLDEST);
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (String word : words(parts[3])) {
            Matcher setting = matched(SETTING, word);
            settings.put(setting.group(1), setting(setting, since));
        }
        return new OperatorSchema(
                head.group(1),
                since,
                number(head.group(3), Graph.OPSET),
                slots(parts[1], since),
                slots(parts[2], since),
                Collections.unmodifiableMap(settings));
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" "));
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("operators.txt: " + text);
        }
        return matcher;
    }

    private static int number(String digits, int otherwise) {
        return digits == null || digits.isEmpty() ? otherwise : Integer.parseInt(digits);
    }

    private static List<Slot> slots(String text, int operatorSince) {
        List<Slot> slots = new ArrayList<>();
        for (String word : words(text)) {
            Matcher slot = matched(SLOT, word);
            boolean optional = slot.group(2) != null && slot.group(2).startsWith("?");
            slots.add(new Slot(
                    slot.group(1),
                    number(slot.group(4), operatorSince),
                    optional ? number(slot.group(3), OLDEST) : Integer.MAX_VALUE,
                    "*".equals(slot.group(2))));
        }
        return List.copyOf(slots);
    }

    private static Setting setting(Matcher text, int operatorSince) {
        Optional<Attribute> otherwise = Optional.ofNullable(text.group(4)).map(value -> value(text.group(2), value));
        return new Setting(
                kind(text.group(2)), "!".equals(text.group(3)), otherwise, number(text.group(5), operatorSince));
    }

    private static Attribute value(String kind, String text) {
        return switch (kind) {
            case "i" -> new Attribute.Int(Long.parseLong(text));
            case "f" -> new Attribute.Real(Double.parseDouble(text));
            default -> new Attribute.Text(text);
        };
    }

    private static Class<? extends Attribute> kind(String kind) {
        return switch (kind) {
            case "i" -> Attribute.Int.class;
            case "f" -> Attribute.Real.class;
            case "s" -> Attribute.Text.class;
            case "is" -> Attribute.Ints.class;
            case "fs" -> Attribute.Reals.class;
            case "ss" -> Attribute.Texts.class;
            case "g" -> Attribute.Body.class;
            default -> Attribute.Constant.class;
        };
    }
}
