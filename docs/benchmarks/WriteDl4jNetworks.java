package io.espalier.adapter.dl4j;

import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the DL4J networks of the tests into a folder. */
final class WriteDl4jNetworks {

    private WriteDl4jNetworks() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        TestingNetworks.all().forEach((name, network) ->
                Testing.save(network.get().network(), folder.resolve(name + ".zip")));
    }
}
