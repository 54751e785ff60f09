package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import io.espalier.api.Plugins.Finding;
import io.espalier.api.Plugins.Level;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Style;
import java.util.List;
import picocli.CommandLine.Command;

/** Says about every plug-in whether it is well, and if not, what to do. */
@Command(
        name = "doctor",
        header = "Examine the plug-in folders and say what is wrong and what to do.",
        description = "Ends with code 4 when something is not used because of a fault.",
        footer = {"  espalier plugins doctor", "  espalier plugins doctor --plugins my-plugins --json"})
final class PluginsDoctorCommand extends AbstractCommand {

    PluginsDoctorCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Espalier espalier = open()) {
            List<Finding> findings = espalier.plugins().examine();
            if (common.json) {
                print(Json.text(json(findings)));
            } else {
                findings.forEach(this::print);
                print(summary(findings));
            }
            return count(findings, Level.QUARANTINED) == 0 ? ExitCode.OK : ExitCode.PLUGIN;
        }
    }

    private void print(Finding finding) {
        Style style = outStyle();
        String mark = switch (finding.level()) {
            case OK -> style.good("ok         ");
            case WARNING -> style.warning("warning    ");
            case QUARANTINED -> style.bad("quarantined");
        };
        print(mark + "  " + Clean.text(finding.subject() + ": " + finding.message()));
        if (!finding.advice().isEmpty()) {
            print("             " + Clean.text(finding.advice()));
        }
    }

    private static String summary(List<Finding> findings) {
        return count(findings, Level.OK) + " ok, " + count(findings, Level.WARNING) + " with a warning, "
                + count(findings, Level.QUARANTINED) + " quarantined";
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static ObjectNode json(List<Finding> findings) {
        ObjectNode json = Json.document("doctor");
        ArrayNode list = json.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode one = list.addObject();
            one.put("level", Json.word(finding.level()));
            one.put("subject", finding.subject());
            one.put("message", finding.message());
            one.put("advice", finding.advice());
        }
        return json;
    }
}
