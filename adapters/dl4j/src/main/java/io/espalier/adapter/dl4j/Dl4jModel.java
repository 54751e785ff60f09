package io.espalier.adapter.dl4j;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.config.ConfigParser;
import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.edit.EditedNetwork;
import io.espalier.adapter.dl4j.edit.NetworkWriter;
import io.espalier.adapter.dl4j.lift.LiftedNetwork;
import io.espalier.adapter.dl4j.lift.NetworkLifter;
import io.espalier.adapter.dl4j.run.NetworkRunner;
import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.adapter.dl4j.store.ArchiveWriter;
import io.espalier.adapter.dl4j.store.ArchiveWriter.Content;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open network. DL4J itself is loaded only to run it. Not thread-safe, except for the graph.
 *
 * <p>The parameters are held in memory: the library reads them into one array, so they are never larger than one.
 */
final class Dl4jModel implements Model {

    private final Archive archive;
    private final Network network;
    private final FlatArray parameters;
    private final LiftedNetwork lifted;

    private Dl4jModel(Archive archive, Network network, FlatArray parameters, LiftedNetwork lifted) {
        this.archive = archive;
        this.network = network;
        this.parameters = parameters;
        this.lifted = lifted;
    }

    /**
     * Opens and lifts a file.
     *
     * @throws InvalidInputException when the file is broken, unsafe or uses something that cannot be lifted
     */
    static Dl4jModel open(Path file) {
        Archive archive = Archive.open(file);
        try {
            return of(archive);
        } catch (InvalidInputException e) {
            String name = file.toString();
            throw e.getMessage().contains(name) ? e : new InvalidInputException(name + ": " + e.getMessage(), e);
        }
    }

    private static Dl4jModel of(Archive archive) {
        ConfigNode configuration = ConfigParser.parse(archive.read(Archive.CONFIGURATION, ConfigParser.MAX_BYTES));
        Network network = Network.of(configuration);
        byte[] bytes = archive.read(Archive.COEFFICIENTS, Integer.MAX_VALUE);
        FlatArray parameters = FlatArray.parse(Archive.COEFFICIENTS, bytes);
        LiftedNetwork lifted = NetworkLifter.lift(network, parameters);
        return new Dl4jModel(archive, network, parameters, lifted);
    }

    @Override
    public Graph graph() {
        return lifted.graph();
    }

    @Override
    public String digest() {
        return archive.digest();
    }

    @Override
    public long byteSize() {
        return archive.byteSize();
    }

    @Override
    public Map<String, String> metadata() {
        return Provenance.of(archive);
    }

    @Override
    public Map<String, LayerName> layers() {
        return lifted.layers();
    }

    @Override
    public boolean isInFile(String value) {
        return lifted.names().contains(value);
    }

    @Override
    public String runtime() {
        return "DL4J " + NetworkRunner.version();
    }

    @Override
    public Runner runner() {
        return NetworkRunner.open(archive, network.kind(), lifted.graph());
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        Map<String, Content> changed = new LinkedHashMap<>();
        if (!edits.isEmpty()) {
            EditedNetwork edited = EditedNetwork.of(lifted, parameters, edits);
            changed.putAll(NetworkWriter.contents(archive, network, lifted, edited));
        }
        byte[] entries = Provenance.bytes(metadata(), provenance);
        if (entries.length > 0) {
            changed.put(Provenance.ENTRY, out -> out.write(entries));
        }
        ArchiveWriter.write(archive, changed, target);
    }

    @Override
    public void close() {
        // The file is open only while something is read from it.
    }
}
