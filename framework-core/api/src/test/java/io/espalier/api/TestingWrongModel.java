package io.espalier.api;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.ForwardingModel;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.testkit.ForwardingAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A model that, when it is written, keeps a slice of the first weight that should be removed, for one that should not. */
final class TestingWrongModel extends ForwardingModel {

    TestingWrongModel(Model model) {
        super(model);
    }

    /** Reads ONNX files, and writes wrong ones. */
    static FrameworkAdapter adapter() {
        return new ForwardingAdapter(new OnnxAdapter(), TestingWrongModel::new);
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
        super.write(target, wrong, provenance);
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
}
