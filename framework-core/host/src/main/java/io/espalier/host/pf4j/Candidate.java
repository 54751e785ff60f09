package io.espalier.host.pf4j;

import org.pf4j.PluginDescriptor;

/** An archive with the descriptor it carries. */
record Candidate(Archive archive, PluginDescriptor descriptor) {

    String id() {
        return descriptor.getPluginId();
    }
}
