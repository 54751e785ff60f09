package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import io.espalier.api.Plugins;
import io.espalier.api.Plugins.Extension;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import io.espalier.spi.option.OptionSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Lists what may be named on the command line, and where it comes from. */
@Command(
        name = "list",
        header = "List the extensions that plug-ins offer; with -v also their options.",
        footer = {"  espalier plugins list", "  espalier plugins list -v", "  espalier plugins list --json"})
final class PluginsListCommand extends AbstractCommand {

    PluginsListCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Espalier espalier = open()) {
            Plugins plugins = espalier.plugins();
            if (common.json) {
                print(Json.text(json(plugins)));
            } else {
                byKind(plugins).forEach(this::printKind);
            }
            if (!plugins.quarantined().isEmpty()) {
                say(plugins.quarantined().size() + " not used because of a fault; 'espalier plugins doctor' says why");
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, List<Extension>> byKind(Plugins plugins) {
        return plugins.extensions().stream()
                .collect(Collectors.groupingBy(Extension::kind, LinkedHashMap::new, Collectors.toList()));
    }

    private void printKind(String kind, List<Extension> extensions) {
        print(outStyle().strong(kind));
        Table table = new Table(Align.LEFT, Align.LEFT, Align.LEFT);
        for (Extension extension : extensions) {
            table.row(
                    extension.name(),
                    extension.description(),
                    extension.plugin().map(id -> "[" + id + "]").orElse(""));
            if (common.verbose) {
                extension.options().forEach(option -> table.row(List.of(Cell.of(""), Cell.of(describe(option)))));
            }
        }
        table.lines(2).forEach(this::print);
    }

    private static String describe(OptionSpec option) {
        return "  " + option.name() + "=" + option.defaultValue() + "  " + option.help() + range(option);
    }

    private static String range(OptionSpec option) {
        if (!option.choices().isEmpty()) {
            return " (" + String.join(", ", option.choices()) + ")";
        }
        if (option.minimum().isEmpty() && option.maximum().isEmpty()) {
            return "";
        }
        return " (" + option.minimum().map(PluginsListCommand::bound).orElse("") + " to "
                + option.maximum().map(PluginsListCommand::bound).orElse("") + ")";
    }

    private static String bound(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static ObjectNode json(Plugins plugins) {
        ObjectNode json = Json.document("plugins");
        ArrayNode extensions = json.putArray("extensions");
        for (Extension extension : plugins.extensions()) {
            ObjectNode one = extensions.addObject();
            one.put("kind", extension.kind());
            one.put("name", extension.name());
            one.put("description", extension.description());
            one.put("plugin", extension.plugin().orElse(null));
            ArrayNode options = one.putArray("options");
            extension.options().forEach(option -> options.add(json(option)));
        }
        ArrayNode active = json.putArray("plugins");
        plugins.plugins().forEach(plugin -> active.add(json(plugin)));
        json.put("quarantined", plugins.quarantined().size());
        return json;
    }

    private static ObjectNode json(OptionSpec option) {
        ObjectNode json = Json.object();
        json.put("name", option.name());
        json.put("type", Json.word(option.type()));
        json.put("default", option.defaultValue());
        option.minimum().ifPresent(minimum -> json.put("minimum", minimum));
        option.maximum().ifPresent(maximum -> json.put("maximum", maximum));
        if (!option.choices().isEmpty()) {
            ArrayNode choices = json.putArray("choices");
            option.choices().forEach(choices::add);
        }
        json.put("help", option.help());
        return json;
    }

    private static ObjectNode json(Plugins.Plugin plugin) {
        ObjectNode json = Json.object();
        json.put("id", plugin.id());
        json.put("version", plugin.version());
        json.put("requires", plugin.requires());
        json.put("description", plugin.description());
        json.put("state", plugin.isWhole() ? "active" : "partly-active");
        json.put("path", plugin.path().toString());
        return json;
    }
}
