package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import io.espalier.host.Catalogue;
import io.espalier.host.ExtensionPoint;
import io.espalier.host.PluginInfo;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.provider.Provider;
import java.util.List;
import java.util.Optional;
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
        try (Catalogue catalogue = loadPlugins()) {
            if (common.json) {
                print(Json.text(json(catalogue)));
            } else {
                ExtensionPoint.ALL.forEach(point -> printKind(catalogue, point));
            }
            if (!catalogue.quarantined().isEmpty()) {
                say(catalogue.quarantined().size()
                        + " not used because of a fault; 'espalier plugins doctor' says why");
            }
        }
        return ExitCode.OK;
    }

    private void printKind(Catalogue catalogue, ExtensionPoint point) {
        List<? extends Provider> providers = catalogue.all(point.type());
        if (providers.isEmpty()) {
            return;
        }
        print(outStyle().strong(point.noun()));
        Table table = new Table(Align.LEFT, Align.LEFT, Align.LEFT);
        for (Provider provider : providers) {
            table.row(
                    provider.name(),
                    provider.description(),
                    plugin(catalogue, point, provider).map(id -> "[" + id + "]").orElse(""));
            if (common.verbose) {
                provider.options().forEach(option -> table.row(List.of(Cell.of(""), Cell.of(describe(option)))));
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

    private static Optional<String> plugin(Catalogue catalogue, ExtensionPoint point, Provider provider) {
        return catalogue.plugins().stream()
                .filter(plugin -> plugin.providers().stream()
                        .anyMatch(offer -> offer.point().equals(point.noun())
                                && offer.name().equals(provider.name())))
                .map(PluginInfo::id)
                .findFirst();
    }

    private static ObjectNode json(Catalogue catalogue) {
        ObjectNode json = Json.document("plugins");
        ArrayNode extensions = json.putArray("extensions");
        for (ExtensionPoint point : ExtensionPoint.ALL) {
            for (Provider provider : catalogue.all(point.type())) {
                ObjectNode one = extensions.addObject();
                one.put("kind", point.noun());
                one.put("name", provider.name());
                one.put("description", provider.description());
                one.put("plugin", plugin(catalogue, point, provider).orElse(null));
                ArrayNode options = one.putArray("options");
                provider.options().forEach(option -> options.add(json(option)));
            }
        }
        ArrayNode plugins = json.putArray("plugins");
        catalogue.plugins().forEach(plugin -> plugins.add(json(plugin)));
        json.put("quarantined", catalogue.quarantined().size());
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

    private static ObjectNode json(PluginInfo plugin) {
        ObjectNode json = Json.object();
        json.put("id", plugin.id());
        json.put("version", plugin.version());
        json.put("requires", plugin.requires());
        json.put("description", plugin.description());
        json.put("state", Json.word(plugin.state()));
        json.put("path", plugin.path().toString());
        return json;
    }
}
