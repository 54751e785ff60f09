package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import io.espalier.spi.graph.LayerName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What nodes of the file are called: by their names, and by the scopes that PyTorch's exporter writes into their metadata.
 *
 * <p>Scopes are listed outermost first and end with the operation itself: {@code ['', 'layer4', 'layer4.0',
 * 'layer4.0.conv1', 'conv2d_12']}. The same in {@code namespace}: {@code : ResNet/layer4: Sequential/layer4.0: Block/...}.
 */
final class LayerNames {

    private static final String SCOPES = "pkg.torch.onnx.name_scopes";
    private static final String NAMESPACE = "namespace";
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    private LayerNames() {}

    /** The name of the layer of a node; empty when the file has none. */
    static Optional<LayerName> of(NodeProto node) {
        String module = module(node);
        return module.isEmpty() && node.getName().isEmpty()
                ? Optional.empty()
                : Optional.of(new LayerName(module, List.of(node.getName())));
    }

    private static String module(NodeProto node) {
        return metadata(node, SCOPES)
                .map(LayerNames::quoted)
                .or(() -> metadata(node, NAMESPACE).map(LayerNames::spaces))
                .map(LayerNames::innermost)
                .orElse("");
    }

    private static Optional<String> metadata(NodeProto node, String key) {
        return node.getMetadataPropsList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst();
    }

    private static List<String> quoted(String list) {
        List<String> scopes = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(list);
        while (matcher.find()) {
            scopes.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return scopes;
    }

    private static List<String> spaces(String namespace) {
        return Arrays.stream(namespace.split("/"))
                .map(space -> space.contains(": ") ? space.substring(0, space.indexOf(": ")) : space)
                .toList();
    }

    /** The scope around the operation. */
    private static String innermost(List<String> scopes) {
        return scopes.size() < 2 ? "" : scopes.get(scopes.size() - 2);
    }
}
