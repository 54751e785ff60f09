package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import io.espalier.api.Plugins;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import java.util.List;
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
        try (Espalier espalier = open()) {
            List<Plugins.Plugin> plugins = espalier.plugins().plugins();
            if (common.json) {
                print(Json.text(json(plugins)));
            } else {
                table(plugins).lines(0).forEach(this::print);
            }
        }
        return ExitCode.OK;
    }

    private static Table table(List<Plugins.Plugin> plugins) {
        Table table = new Table(Align.LEFT, Align.LEFT)
                .row("espalier", Espalier.version())
                .row("java", Versions.java())
                .row("system", Versions.operatingSystem());
        plugins.forEach(plugin -> table.row("plug-in", plugin.id() + " " + plugin.version()));
        return table;
    }

    private static ObjectNode json(List<Plugins.Plugin> active) {
        ObjectNode json = Json.document("version");
        json.put("espalier", Espalier.version());
        json.put("java", Versions.java());
        json.put("system", Versions.operatingSystem());
        ObjectNode plugins = json.putObject("plugins");
        for (Plugins.Plugin plugin : active) {
            plugins.put(Clean.text(plugin.id()), plugin.version());
        }
        return json;
    }
}
