package io.espalier.adapter.dl4j;

import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The adapter, telling which edits its models were asked to write.
 *
 * @param told receives the edits of the last write
 */
record TellingAdapter(List<Edit> told) implements FrameworkAdapter {

    @Override
    public String name() {
        return "dl4j";
    }

    @Override
    public String description() {
        return "Tells edits.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return true;
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        Model model = new Dl4jAdapter().open(file, context);
        return new Model() {
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
                told.clear();
                told.addAll(edits);
                model.write(target, edits, provenance);
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }
}
