package io.espalier.host;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says about everything in the plug-in folders whether it is well, and if not, what to do. */
public final class Doctor {

    private Doctor() {}

    /** Findings on plug-ins that take part, then on what is quarantined, then on what is no plug-in. */
    public static List<Finding> examine(Catalogue catalogue) {
        List<Finding> findings = new ArrayList<>();
        catalogue.plugins().forEach(plugin -> findings.addAll(examine(plugin, catalogue.bundled(plugin))));
        catalogue.quarantined().stream()
                .map(one -> new Finding(Finding.Level.QUARANTINED, one.subject(), one.reason(), one.advice()))
                .forEach(findings::add);
        catalogue.ignored().stream()
                .map(one -> new Finding(Finding.Level.WARNING, one.path().toString(), one.reason(), one.advice()))
                .forEach(findings::add);
        return findings;
    }

    private static List<Finding> examine(PluginInfo plugin, List<String> copies) {
        String subject = "plug-in '" + plugin.id() + "'";
        List<Finding> findings = new ArrayList<>();
        if (plugin.requires().isBlank() || plugin.requires().equals("*")) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    subject,
                    "does not say which SPI versions it works with",
                    "add Plugin-Requires with a ceiling, like '>=" + SpiVersion.current() + " & <1.0.0'"));
        } else if (!plugin.requires().contains("<") && !isTied(plugin.requires())) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    subject,
                    "accepts every later SPI version ('" + plugin.requires() + "')",
                    "add a ceiling to Plugin-Requires, like '>=" + SpiVersion.current() + " & <1.0.0'"));
        }
        copies.forEach(bundled -> findings.add(new Finding(
                Finding.Level.WARNING,
                subject,
                "carries a copy of " + bundled + ", which is not used",
                "give the dependency the scope 'provided'")));
        if (findings.isEmpty()) {
            findings.add(new Finding(Finding.Level.OK, subject, offer(plugin), ""));
        }
        return findings;
    }

    /** Whether a range has a ceiling of another form: an exact, tilde, caret, hyphen or wildcard range. */
    private static boolean isTied(String requires) {
        return requires.strip().matches("[=~^].*|.*\\d+ - \\d+.*|\\d+(\\.\\d+)?\\.[xX*]");
    }

    private static String offer(PluginInfo plugin) {
        String offered = plugin.providers().stream()
                .map(provider -> provider.point() + " " + provider.name())
                .collect(Collectors.joining(", "));
        return "version " + plugin.version() + (offered.isEmpty() ? ", a library for others" : " offers " + offered);
    }
}
