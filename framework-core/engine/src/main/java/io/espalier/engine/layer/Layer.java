package io.espalier.engine.layer;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One operator of a model as people call it.
 *
 * @param node first output of its node
 * @param name the best of its names, for tables
 * @param telling whether the best name says where in the network the layer is
 * @param names everything a pattern may mean it by, the best name included
 */
record Layer(String node, String name, boolean telling, Set<String> names) {

    public Layer {
        Set<String> all = new LinkedHashSet<>();
        all.add(name);
        all.addAll(names);
        names = Collections.unmodifiableSet(all);
    }
}
