package io.espalier.host.pf4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.VersionManager;

/**
 * Decides by descriptors alone which archives PF4J gets to see. PF4J would stop everything for one missing or circular
 * dependency, and says little about what it passes over.
 */
final class Admission {

    private final EspalierPluginManager manager;
    private final Map<String, Candidate> admitted = new LinkedHashMap<>();
    private final List<RefusedPlugin> refused = new ArrayList<>();

    Admission(EspalierPluginManager manager) {
        this.manager = manager;
    }

    /** By id, in the order of the archives. */
    Map<String, Candidate> admitted() {
        return admitted;
    }

    List<RefusedPlugin> refused() {
        return refused;
    }

    void decide(List<Archive> archives) {
        archives.forEach(this::admit);
        while (dropUnmetDependencies()) {
            // Dropping one may leave others without what they need.
        }
        dropCycles();
    }

    private void admit(Archive archive) {
        PluginDescriptor descriptor;
        try {
            descriptor = manager.describe(archive.content());
        } catch (RuntimeException e) {
            refused.add(new RefusedPlugin(
                    archive.found(),
                    Optional.empty(),
                    "its descriptor cannot be read: " + e.getMessage(),
                    "correct the manifest of the jar, or plugin.properties of the folder"));
            return;
        }
        if (isBlank(descriptor.getPluginId())) {
            refuseUndescribed(archive);
            return;
        }
        Candidate candidate = new Candidate(archive, descriptor);
        Candidate first = admitted.get(candidate.id());
        if (first != null) {
            refuse(
                    candidate,
                    "the plug-in id '" + candidate.id() + "' is taken by "
                            + first.archive().found() + " (version "
                            + first.descriptor().getVersion() + ")",
                    "keep only one of the two");
        } else if (hasVersion(candidate) && fitsHost(candidate)) {
            admitted.put(candidate.id(), candidate);
        }
    }

    private void refuseUndescribed(Archive archive) {
        boolean jar = archive.form() == Archive.Form.JAR;
        refused.add(new RefusedPlugin(
                archive.found(),
                Optional.empty(),
                jar ? "its manifest has no Plugin-Id" : "its descriptor has no plug-in id",
                jar
                        ? "add Plugin-Id and Plugin-Version to the manifest, or move the jar away if it is a library"
                        : "add plugin.id and plugin.version to its plugin.properties"));
    }

    private boolean hasVersion(Candidate candidate) {
        String version = candidate.descriptor().getVersion();
        try {
            if (!isBlank(version)) {
                versions().compareVersions(version, version);
                return true;
            }
        } catch (RuntimeException e) {
            refuse(candidate, "its version '" + version + "' is not of the form 1.2.3", "correct Plugin-Version");
            return false;
        }
        refuse(candidate, "it has no version", "add Plugin-Version to its descriptor, of the form 1.2.3");
        return false;
    }

    private boolean fitsHost(Candidate candidate) {
        String requires = candidate.descriptor().getRequires().trim();
        // What PF4J does with a bare version, said here because the check is ours.
        String constraint = requires.matches("^\\d+\\.\\d+\\.\\d+$") ? ">=" + requires : requires;
        String spi = manager.getSystemVersion();
        try {
            if (versions().checkVersionConstraint(spi, constraint)) {
                return true;
            }
        } catch (RuntimeException e) {
            refuse(
                    candidate,
                    "its Plugin-Requires '" + requires + "' is not a range of versions",
                    "write it like '>=" + spi + " & <1.0.0'");
            return false;
        }
        refuse(
                candidate,
                "it requires SPI version " + requires + ", this is " + spi,
                "use a version of the plug-in made for SPI " + spi + ", or another version of Espalier");
        return false;
    }

    private boolean dropUnmetDependencies() {
        for (Candidate candidate : List.copyOf(admitted.values())) {
            for (PluginDependency dependency : candidate.descriptor().getDependencies()) {
                Optional<String> trouble = trouble(dependency);
                if (trouble.isPresent()) {
                    admitted.remove(candidate.id());
                    refuse(candidate, trouble.get(), "put a fitting '" + dependency.getPluginId() + "' beside it");
                    return true;
                }
            }
        }
        return false;
    }

    private Optional<String> trouble(PluginDependency dependency) {
        String id = dependency.getPluginId();
        Candidate needed = admitted.get(id);
        if (needed == null) {
            return dependency.isOptional()
                    ? Optional.empty()
                    : Optional.of("it needs the plug-in '" + id + "', which is missing or quarantined");
        }
        String present = needed.descriptor().getVersion();
        String wanted = dependency.getPluginVersionSupport();
        try {
            if (versions().checkVersionConstraint(present, wanted)) {
                return Optional.empty();
            }
        } catch (RuntimeException e) {
            return Optional.of("it needs the plug-in '" + id + "' in version '" + wanted + "', which is not a range");
        }
        return Optional.of("it needs the plug-in '" + id + "' in version " + wanted + ", there is " + present);
    }

    private void dropCycles() {
        Set<String> settled = new LinkedHashSet<>();
        while (settled.addAll(admitted.values().stream()
                .filter(candidate -> settled.containsAll(dependencies(candidate)))
                .map(Candidate::id)
                .toList())) {
            // Each round settles what depends only on what is settled.
        }
        for (Candidate candidate : List.copyOf(admitted.values())) {
            if (!settled.contains(candidate.id())) {
                admitted.remove(candidate.id());
                refuse(
                        candidate,
                        "its dependencies " + dependencies(candidate) + " lead back to itself or to a circle",
                        "break the circle in Plugin-Dependencies");
            }
        }
    }

    private List<String> dependencies(Candidate candidate) {
        return candidate.descriptor().getDependencies().stream()
                .map(PluginDependency::getPluginId)
                .filter(admitted::containsKey)
                .toList();
    }

    private VersionManager versions() {
        return manager.getVersionManager();
    }

    private void refuse(Candidate candidate, String reason, String advice) {
        refused.add(new RefusedPlugin(candidate.archive().found(), Optional.of(candidate.id()), reason, advice));
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
