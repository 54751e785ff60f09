package {package};

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.contract.AdapterContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class {class}Test extends AdapterContract {

    private static final int[] KEPT = {0, 3, 4, 9};

    @Override
    protected FrameworkAdapter adapter() {
        return new {class}();
    }

    @Override
    protected List<Path> models(Path folder) throws IOException {
        Path model = folder.resolve("small.{name}");
        try (InputStream small = getClass().getResourceAsStream("/small.{name}")) {
            Files.copy(small, model);
        }
        return List.of(model);
    }

    /** Removes units of the first hidden layer. */
    @Override
    protected List<Edit> edits(Path file, Graph graph) {
        return List.of(
                new Edit.Keep("weight0", 1, KEPT), new Edit.Keep("bias0", 0, KEPT), new Edit.Keep("weight1", 0, KEPT));
    }
}
