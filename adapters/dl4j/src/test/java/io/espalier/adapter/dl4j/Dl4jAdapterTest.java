package io.espalier.adapter.dl4j;

import io.espalier.adapter.dl4j.TestingNetworks.Trainable;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.AdapterContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

class Dl4jAdapterTest extends AdapterContract {

    @Override
    protected FrameworkAdapter adapter() {
        return new Dl4jAdapter();
    }

    @Override
    protected List<Path> models(Path target) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Trainable trainable :
                List.of(TestingNetworks.lenet(new Adam(1e-3)), TestingNetworks.resnet(new Nesterovs(0.01, 0.9)))) {
            String name = trainable.network().getClass().getSimpleName() + ".zip";
            files.add(Testing.save(trainable.train(1).network(), target.resolve(name)));
        }
        return files;
    }

    @Override
    protected List<Edit> edits(Path file, Graph graph) {
        int[] keep = {1, 2, 5};
        if (file.getFileName().toString().startsWith("ComputationGraph")) {
            List<Edit> edits = new ArrayList<>(slices(keep, "block1/conv1/W", 0, "block1/conv1/b", 0));
            edits.addAll(slices(keep, "block1/norm1/gamma", 0, "block1/norm1/beta", 0, "block1/norm1/mean", 0));
            edits.addAll(slices(keep, "block1/norm1/var", 0, "block1/conv2/W", 1));
            return edits;
        }
        List<Edit> edits = new ArrayList<>(slices(keep, "layer2/W", 0, "layer2/b", 0));
        int[] flat = new int[keep.length * 4];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = keep[i / 4] * 4 + i % 4;
        }
        edits.add(new Edit.Keep("layer4/W", 1, flat));
        edits.add(new Edit.SetConstant("layer4/flat", Tensors.vector(0, flat.length)));
        return edits;
    }

    private static List<Edit> slices(int[] keep, Object... constantsAndAxes) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < constantsAndAxes.length; i += 2) {
            edits.add(new Edit.Keep((String) constantsAndAxes[i], (int) constantsAndAxes[i + 1], keep));
        }
        return edits;
    }

    /** A variance is stored as a logarithm, so it does not come back bit by bit. */
    @Override
    protected boolean settable(String constant, Tensor value) {
        return super.settable(constant, value) && !constant.endsWith("/var");
    }
}
