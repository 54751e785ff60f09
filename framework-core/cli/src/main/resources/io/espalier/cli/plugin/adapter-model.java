package {package};

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.*;
import io.espalier.spi.tensor.*;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.*;

/** "{name}", then lines "meta KEY VALUE", then a line a layer: "dense IN OUT relu|linear", the weights [in, out], the biases. */
record {word}Model(byte[] bytes, Map<String, String> metadata, List<String> activations, Map<String, Tensor> constants)
        implements Model {

    static {word}Model parse(byte[] bytes) {
        {word}Model model = new {word}Model(bytes, new LinkedHashMap<>(), new ArrayList<>(), new LinkedHashMap<>());
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        require(lines.size() > 1 && lines.get(0).equals("{name}"));
        lines.subList(1, lines.size()).forEach(line -> model.add(line.split(" ", line.startsWith("meta ") ? 3 : 0)));
        require(!model.activations.isEmpty());
        return model;
    }

    private void add(String[] words) {
        boolean metadataLine = words.length == 3 && words[0].equals("meta");
        require(metadataLine || words.length > 4 && words[0].equals("dense") && words[3].matches("relu|linear"));
        if (metadataLine) {
            metadata.put(words[1], words[2]);
            return;
        }
        long in = Integer.parseInt(words[1]);
        long out = Integer.parseInt(words[2]);
        int layer = activations.size();
        require(in > 0 && out > 0 && words.length == 4 + in * out + out && (layer == 0 || width(layer - 1, 1) == in));
        float[] values = new float[words.length - 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words[4 + i]);
        }
        int weights = values.length - (int) out;
        constants.put("weight" + layer, Tensors.floats(List.of(in, out), Arrays.copyOf(values, weights)));
        constants.put("bias" + layer, Tensors.floats(List.of(out), Arrays.copyOfRange(values, weights, values.length)));
        activations.add(words[3]);
    }

    private long width(int layer, int axis) {
        return constants.get("weight" + layer).shape().get(axis);
    }

    private static void require(boolean sound) {
        if (!sound) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public Graph graph() {
        List<Node> nodes = new ArrayList<>();
        String value = "x";
        for (int i = 0; i < activations.size(); i++) {
            nodes.add(Node.of("Gemm", List.of(value, "weight" + i, "bias" + i), List.of("dense" + i), Map.of()));
            value = "dense" + i;
            if (activations.get(i).equals("relu")) {
                nodes.add(Node.of("Relu", List.of(value), List.of("relu" + i), Map.of()));
                value = "relu" + i;
            }
        }
        List<Dimension> shape = List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(width(0, 0)));
        Map<String, ValueType> inputs = Map.of("x", new ValueType(DataType.FLOAT32, Optional.of(shape)));
        return new Graph("{name}", inputs, List.of(value), nodes, constants, Map.of());
    }

    @Override
    public String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long byteSize() {
        return bytes.length;
    }

    @Override
    public Runner runner() {
        return new {word}Runner(graph().outputs(), activations, constants);
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        {word}Model edited = new {word}Model(bytes, new LinkedHashMap<>(metadata), activations, new LinkedHashMap<>(constants));
        edits.forEach(edited::apply);
        edited.metadata.putAll(provenance);
        try {
            Path pending = Files.createTempFile(target.toAbsolutePath().getParent(), "pending", ".{name}");
            try {
                Files.writeString(pending, edited.text());
                require(!Files.isDirectory(target));
                Files.move(pending, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(pending);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException("cannot write '" + target + "'; name a file in a folder with room", e);
        }
    }

    private void apply(Edit edit) {
        if (edit instanceof Edit.Keep keep) {
            constants.compute(keep.constant(), (name, old) -> Tensors.sliced(old, keep.axis(), keep.indices()));
        } else if (edit instanceof Edit.SetConstant set) {
            constants.put(set.constant(), set.value());
        } else if (!(edit instanceof Edit.SetShape)) {
            // The file stores no shapes of computed values; whatever else there is, it cannot hold.
            throw new InvalidInputException("a {name} file has no place for " + edit + ".");
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder("{name}\n");
        metadata.forEach((key, value) -> text.append("meta " + key + " " + value + "\n"));
        for (int i = 0; i < activations.size(); i++) {
            text.append("dense " + width(i, 0) + " " + width(i, 1) + " " + activations.get(i));
            for (String constant : List.of("weight" + i, "bias" + i)) {
                Tensors.forEach(constants.get(constant), (index, value) -> text.append(" " + (float) value));
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Override
    public void close() {}
}
