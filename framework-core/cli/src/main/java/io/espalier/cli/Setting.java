package io.espalier.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A name with options, as typed: {@code NAME[:OPTION=VALUE,...]}.
 *
 * @param name the name, which may be that of a file
 * @param options options in the order they were typed
 */
record Setting(String name, Map<String, String> options) {

    /** Reads what was typed for an option of the command. */
    static Setting of(String option, String typed) {
        int end = end(typed);
        Map<String, String> options = new LinkedHashMap<>();
        if (end < typed.length()) {
            for (String each : List.of(typed.substring(end + 1).split(","))) {
                int sign = each.indexOf('=');
                if (sign < 1) {
                    throw Failure.usage(option + " has the option '" + each + "'; write options as NAME=VALUE");
                }
                options.put(each.substring(0, sign), each.substring(sign + 1));
            }
        }
        return new Setting(typed.substring(0, end), options);
    }

    /** Where the name ends: a colon is part of it, as in C:\\loss.onnx, unless what follows holds an option. */
    private static int end(String typed) {
        int sign = typed.indexOf('=');
        int colon = sign < 0 ? typed.length() : typed.lastIndexOf(':', sign);
        return colon < 0 ? typed.length() : colon;
    }
}
