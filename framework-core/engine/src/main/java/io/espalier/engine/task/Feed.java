package io.espalier.engine.task;

import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a runner is fed with. */
public final class Feed {

    private Feed() {}

    /** Those of some tensors that a runner reads, which are at least its inputs. */
    public static Map<String, Tensor> of(Runner runner, Map<String, Tensor> all) {
        Map<String, Tensor> fed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> fed.put(name, all.get(name)));
        return fed;
    }
}
