package io.espalier.host.pf4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pf4j.AbstractPluginManager;
import org.pf4j.DefaultExtensionFactory;
import org.pf4j.DefaultExtensionFinder;
import org.pf4j.DefaultPluginFactory;
import org.pf4j.DefaultVersionManager;
import org.pf4j.ExtensionFactory;
import org.pf4j.ExtensionFinder;
import org.pf4j.JarPluginRepository;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PluginWrapper;
import org.pf4j.PropertiesPluginDescriptorFinder;
import org.pf4j.RuntimeMode;
import org.pf4j.VersionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PF4J with the defaults that are unsafe for plug-ins of strangers replaced. */
final class EspalierPluginManager extends AbstractPluginManager {

    private static final Logger LOG = LoggerFactory.getLogger(EspalierPluginManager.class);

    EspalierPluginManager(List<Path> roots, String systemVersion) {
        super(roots);
        setSystemVersion(systemVersion);
        setResolveRecoveryStrategy(ResolveRecoveryStrategy.IGNORE_PLUGIN_AND_CONTINUE);
    }

    PluginDescriptor describe(Path content) {
        return getPluginDescriptorFinder().find(content);
    }

    PluginWrapper load(Path content) {
        return loadPluginFromPath(content);
    }

    void resolve() {
        resolvePlugins();
    }

    /**
     * Stops the last started first. PF4J 3.15.0 removes from the list it walks and leaves plug-ins running
     * (pf4j/pf4j#656); drop this when a release has the fix.
     */
    @Override
    public void stopPlugins() {
        List<PluginWrapper> started = new ArrayList<>(getStartedPlugins());
        Collections.reverse(started);
        started.forEach(plugin -> stopAnyhow(plugin.getPluginId()));
    }

    // PF4J lets through what a plug-in throws, which would leave the others running.
    private void stopAnyhow(String id) {
        try {
            stopPlugin(id);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            LOG.error("plug-in '{}' does not stop", id, e);
        }
    }

    // PF4J would ask a system property that anybody can set.
    @Override
    public RuntimeMode getRuntimeMode() {
        return RuntimeMode.DEPLOYMENT;
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new SharedSpiLoader();
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new OneDescriptor();
    }

    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new AlwaysEnabled();
    }

    @Override
    protected PluginRepository createPluginRepository() {
        return new JarPluginRepository(getPluginsRoots());
    }

    @Override
    protected PluginFactory createPluginFactory() {
        return new DefaultPluginFactory();
    }

    @Override
    protected ExtensionFactory createExtensionFactory() {
        return new DefaultExtensionFactory();
    }

    @Override
    protected ExtensionFinder createExtensionFinder() {
        return new DefaultExtensionFinder(this);
    }

    @Override
    protected VersionManager createVersionManager() {
        return new DefaultVersionManager();
    }

    /** Reads the one descriptor an archive has; PF4J's way of trying all finders loses what was wrong with it. */
    private static final class OneDescriptor implements PluginDescriptorFinder {

        private final PluginDescriptorFinder properties = new PropertiesPluginDescriptorFinder();
        private final PluginDescriptorFinder manifest = new ManifestPluginDescriptorFinder();

        @Override
        public boolean isApplicable(Path content) {
            return true;
        }

        @Override
        public PluginDescriptor find(Path content) {
            boolean hasProperties =
                    Files.exists(content.resolve(PropertiesPluginDescriptorFinder.DEFAULT_PROPERTIES_FILE_NAME));
            return (hasProperties ? properties : manifest).find(content);
        }
    }

    /** Makes class loaders that take the SPI from the host, even when a plug-in carries a copy. */
    private final class SharedSpiLoader implements PluginLoader {

        private final HostDoor door = new HostDoor(EspalierPluginManager.class.getClassLoader());

        @Override
        public boolean isApplicable(Path content) {
            return true;
        }

        @Override
        public ClassLoader loadPlugin(Path content, PluginDescriptor descriptor) {
            PluginClassLoader loader = new PluginClassLoader(EspalierPluginManager.this, descriptor, door) {
                @Override
                protected boolean shouldDelegateToParent(String className) {
                    return super.shouldDelegateToParent(className) || HostDoor.isShared(className);
                }
            };
            ClassPath.of(content).forEach(entry -> loader.addFile(entry.toFile()));
            return loader;
        }
    }

    /** Plug-ins are switched off by taking them out of the folder; nothing is written there. */
    private static final class AlwaysEnabled implements PluginStatusProvider {

        @Override
        public boolean isPluginDisabled(String pluginId) {
            return false;
        }

        @Override
        public void disablePlugin(String pluginId) {
            throw new UnsupportedOperationException("plug-ins are not disabled at run time");
        }

        @Override
        public void enablePlugin(String pluginId) {
            throw new UnsupportedOperationException("plug-ins are not enabled at run time");
        }
    }
}
