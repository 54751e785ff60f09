package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.host.Catalogue;
import io.espalier.host.PluginInfo;
import picocli.CommandLine.Command;

/** Says which versions of everything are running. */
@Command(
        name = "version",
        header = "Say which versions of Espalier, Java and the plug-ins are running.",
        footer = {"  espalier version", "  espalier version --json"})
final class VersionCommand extends AbstractCommand {

    VersionCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Catalogue catalogue = loadPlugins()) {
            if (common.json) {
                print(Json.text(json(catalogue)));
            } else {
                table(catalogue).lines(0).forEach(this::print);
            }
        }
        return ExitCode.OK;
    }

    private static Table table(Catalogue catalogue) {
        Table table = new Table(Align.LEFT, Align.LEFT)
                .row("espalier", Versions.espalier())
                .row("java", Versions.java())
                .row("system", Versions.operatingSystem());
        catalogue.plugins().forEach(plugin -> table.row("plug-in", plugin.id() + " " + plugin.version()));
        return table;
    }

    private static ObjectNode json(Catalogue catalogue) {
        ObjectNode json = Json.document("version");
        json.put("espalier", Versions.espalier());
        json.put("java", Versions.java());
        json.put("system", Versions.operatingSystem());
        ObjectNode plugins = json.putObject("plugins");
        for (PluginInfo plugin : catalogue.plugins()) {
            plugins.put(Clean.text(plugin.id()), plugin.version());
        }
        return json;
    }
}
