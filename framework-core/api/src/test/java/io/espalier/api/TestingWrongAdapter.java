package io.espalier.api;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.OptionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads ONNX files, and when it writes one keeps a slice of the first weight that should be removed, for one that should not. */
final class TestingWrongAdapter implements FrameworkAdapter {

    private final OnnxAdapter adapter = new OnnxAdapter();

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String description() {
        return "Writes wrong files.";
    }

    @Override
    public List<OptionSpec> options() {
        return adapter.options();
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return adapter.recognises(file, head);
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        return new WrongModel(adapter.open(file, context));
    }

    private record WrongModel(Model model) implements Model {

        @Override
        public Graph graph() {
            return model.graph();
        }

        @Override
        public String digest() {
            return model.digest();
        }

        @Override
        public long byteSize() {
            return model.byteSize();
        }

        @Override
        public Map<String, String> metadata() {
            return model.metadata();
        }

        @Override
        public Runner runner() {
            return model.runner();
        }

        @Override
        public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
            List<Edit> wrong = new ArrayList<>(edits);
            for (int i = 0; i < wrong.size(); i++) {
                if (wrong.get(i) instanceof Edit.Keep keep) {
                    wrong.set(i, new Edit.Keep(keep.constant(), keep.axis(), shifted(keep.indices())));
                    break;
                }
            }
            model.write(target, wrong, provenance);
        }

        /** As many positions, of which the first is exchanged for the first that is not among them. */
        private static int[] shifted(int... indices) {
            TreeSet<Integer> kept = new TreeSet<>();
            for (int index : indices) {
                kept.add(index);
            }
            int removed = 0;
            while (kept.contains(removed)) {
                removed++;
            }
            kept.pollFirst();
            kept.add(removed);
            return kept.stream().mapToInt(Integer::intValue).toArray();
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
