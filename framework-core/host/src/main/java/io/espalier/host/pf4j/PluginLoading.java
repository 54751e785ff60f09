package io.espalier.host.pf4j;

import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;

/**
 * Loads and starts the plug-ins of some folders, once.
 *
 * <p>Nothing that lies in a folder makes this fail: what cannot be used is refused with a reason. Not thread-safe; made
 * and stopped by one thread.
 */
public final class PluginLoading {

    private final EspalierPluginManager manager;
    private final List<LoadedPlugin> loaded = new ArrayList<>();
    private final List<RefusedPlugin> refused = new ArrayList<>();
    private final List<IgnoredPath> ignored;

    /**
     * Loads what lies in the folders; the first of two equal ids stays, in the order of the roots and by file name.
     *
     * @param roots folders of jars, zips and plug-in folders
     * @param developmentRoots folders of source folders with {@code plugin.properties} and {@code target/classes}
     * @param spiVersion the version plug-ins are checked against, without qualifier
     */
    public PluginLoading(List<Path> roots, List<Path> developmentRoots, String spiVersion) {
        FolderScan scan = new FolderScan();
        roots.forEach(root -> scan.scan(root, false));
        developmentRoots.forEach(root -> scan.scan(root, true));
        ignored = List.copyOf(scan.ignored());
        refused.addAll(scan.refused());
        manager = new EspalierPluginManager(
                Stream.concat(roots.stream(), developmentRoots.stream()).toList(), spiVersion);
        Admission admission = new Admission(manager);
        admission.decide(scan.archives());
        refused.addAll(admission.refused());
        start(loadAll(admission));
    }

    /** Started plug-ins, in order of the roots and by file name. */
    public List<LoadedPlugin> loaded() {
        return List.copyOf(loaded);
    }

    /** What was not loaded, and why. */
    public List<RefusedPlugin> refused() {
        return List.copyOf(refused);
    }

    /** What is no plug-in. */
    public List<IgnoredPath> ignored() {
        return ignored;
    }

    /** Stops all plug-ins, the last started first. Class loaders stay open: classes may still be needed to finish. */
    public void stop() {
        manager.stopPlugins();
    }

    private List<Candidate> loadAll(Admission admission) {
        List<Candidate> present = new ArrayList<>();
        for (Candidate candidate : admission.admitted().values()) {
            try {
                manager.load(candidate.archive().content());
                present.add(candidate);
            } catch (RuntimeException | LinkageError e) {
                refuse(candidate, "it cannot be loaded: " + e);
            }
        }
        manager.resolve();
        return present;
    }

    private void start(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            PluginWrapper plugin = manager.getPlugin(candidate.id());
            Optional<String> trouble = plugin == null ? Optional.of("its dependencies cannot be met") : start(plugin);
            trouble.ifPresentOrElse(reason -> refuse(candidate, reason), () -> loaded.add(loaded(candidate, plugin)));
        }
    }

    private Optional<String> start(PluginWrapper plugin) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(plugin.getPluginClassLoader());
        try {
            PluginState state = manager.startPlugin(plugin.getPluginId());
            Throwable cause = plugin.getFailedException();
            return state == PluginState.STARTED
                    ? Optional.empty()
                    : Optional.of("its Plugin-Class does not start: " + (cause == null ? state : cause));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return Optional.of("its Plugin-Class does not start: " + e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void refuse(Candidate candidate, String reason) {
        refused.add(new RefusedPlugin(
                candidate.archive().found(),
                Optional.of(candidate.id()),
                reason,
                "ask the author of the plug-in, or take it out of the folder"));
    }

    private static LoadedPlugin loaded(Candidate candidate, PluginWrapper plugin) {
        PluginDescriptor descriptor = candidate.descriptor();
        Set<String> dependencies = descriptor.getDependencies().stream()
                .map(PluginDependency::getPluginId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return new LoadedPlugin(
                candidate.id(),
                descriptor.getVersion(),
                descriptor.getRequires(),
                Optional.ofNullable(descriptor.getPluginDescription()).orElse(""),
                candidate.archive().found(),
                dependencies,
                ClassPath.folders(candidate.archive().content()),
                (URLClassLoader) plugin.getPluginClassLoader());
    }
}
