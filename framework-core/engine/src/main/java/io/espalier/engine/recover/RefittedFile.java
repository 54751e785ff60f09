package io.espalier.engine.recover;

import io.espalier.spi.adapter.Edit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a fit knows of the file that its graph was read from. */
public interface RefittedFile {

    /** A graph that was read from no file: nothing has a name, and no bias can be added. */
    RefittedFile NONE = new RefittedFile() {
        @Override
        public Set<String> names(String node) {
            return Set.of();
        }

        @Override
        public Optional<String> refusal(List<Edit> edits) {
            return Optional.of("there is no file");
        }
    };

    /** All that a pattern may mean a node by, its parameters included. */
    Set<String> names(String node);

    /** Why the pruned file cannot get some edits that make it larger; empty when it can. */
    Optional<String> refusal(List<Edit> edits);
}
