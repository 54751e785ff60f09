package io.espalier.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs as one HTML file that needs no server and no network: the components of the monitor, put into the page.
 *
 * <p>Browsers import no modules from files, so that each module becomes a function here, whose result is what it exports.
 */
public final class SavedPage {

    private static final List<String> MODULES =
            List.of("figures.js", "curves.js", "list.js", "trials.js", "run.js", "compare.js", "saved.js");
    private static final Pattern IMPORT =
            Pattern.compile("(?s)^import (\\{.*?}) from '\\./(\\w+)\\.js';$", Pattern.MULTILINE);
    private static final Pattern EXPORT = Pattern.compile("^export (?:function|const) (\\w+)", Pattern.MULTILINE);
    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();

    private SavedPage() {}

    /**
     * The page.
     *
     * @param runs as {@link SavedRuns} gives them; {@code report} in one of them is what the report file of the run says, and
     *     {@code search} what its search found
     * @param curves trade-off curves of the runs and of what stands beside them: {@code name}, {@code metric}, {@code peer} when another
     *     tool made the models, and {@code points} with the shares {@code macs}, {@code parameters} and {@code quality}
     */
    public static String html(List<ObjectNode> runs, List<ObjectNode> curves) {
        return resource("saved.html")
                .replace("{style}", resource("monitor.css"))
                .replace(
                        "{icon}",
                        Base64.getEncoder().encodeToString(resource("icon.svg").getBytes(StandardCharsets.UTF_8)))
                .replace("{script}", MODULES.stream().map(SavedPage::module).collect(Collectors.joining("\n")))
                .replace("{data}", data(runs, curves));
    }

    /** JSON that cannot end the element it stands in. */
    private static String data(List<ObjectNode> runs, List<ObjectNode> curves) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.putArray("runs").addAll(runs);
        data.putArray("curves").addAll(curves);
        try {
            return JSON.writeValueAsString(data).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String module(String file) {
        String text = resource(file);
        String exported =
                EXPORT.matcher(text).results().map(each -> each.group(1)).collect(Collectors.joining(", "));
        String body = IMPORT.matcher(text).replaceAll(SavedPage::taken).replace("\nexport ", "\n");
        return "const " + file.replace(".js", "") + "Module = (() => {\n" + body + "return { " + exported
                + " };\n})();\n";
    }

    private static String taken(MatchResult statement) {
        return "const " + statement.group(1) + " = " + statement.group(2) + "Module;";
    }

    private static String resource(String name) {
        try (InputStream stream = SavedPage.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the page's own file " + name + " cannot be read", e);
        }
    }
}
