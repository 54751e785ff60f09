package io.espalier.adapter.dl4j.train;

import io.espalier.spi.adapter.Model;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.Set;

/** Starts a regularizer on a network. The engine finds its coupled channels; see the example in the documentation. */
@FunctionalInterface
public interface NetworkRegularizing {

    /**
     * Starts one.
     *
     * @param network the network as it is; open until this returns
     * @param weights names of the constants that are trained
     * @param share what the next cut is to leave of the network: above 0, below 1
     * @param updates how often weights are updated until then, at least 1
     * @param epochs how many epochs end until then, at least 1
     */
    RegularizerWorker start(Model network, Set<String> weights, double share, long updates, int epochs);
}
