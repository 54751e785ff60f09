package io.espalier.engine.reprove;

import io.espalier.spi.file.Sha256;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.TreeMap;

/** SHA-256 of all that a graph computes: interface, nodes in their order, attributes and constants, those of bodies included. */
public final class GraphDigest {

    private final MessageDigest digest = Sha256.digest();

    private GraphDigest() {}

    /** The digest in lower-case hexadecimal. */
    public static String of(Graph graph) {
        GraphDigest digest = new GraphDigest();
        digest.add(graph);
        return Sha256.hexadecimal(digest.digest);
    }

    private void add(Graph graph) {
        graph.inputs().forEach((name, type) -> add("input", name, type.toString()));
        graph.outputs()
                .forEach(name ->
                        add("output", name, String.valueOf(graph.declared().get(name))));
        graph.nodes().forEach(this::add);
        new TreeMap<>(graph.constants()).forEach((name, tensor) -> add("constant", name, TensorDigest.of(tensor)));
    }

    private void add(Node node) {
        add(
                "node",
                node.qualifiedOperator(),
                node.inputs().toString(),
                node.outputs().toString());
        new TreeMap<>(node.attributes()).forEach((name, attribute) -> {
            add("attribute", name);
            if (attribute instanceof Attribute.Body body) {
                add(body.graph());
            } else if (attribute instanceof Attribute.Constant constant) {
                add(TensorDigest.of(constant.value()));
            } else {
                add(attribute.toString());
            }
        });
    }

    /** Lengths keep texts apart whatever they contain. */
    private void add(String... texts) {
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
    }
}
