package io.espalier.adapter.dl4j.edit;

import io.espalier.adapter.dl4j.lift.ParameterBlock;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The layout of the state of updaters.
 *
 * <p>Neighbouring parameters with equal updaters form a block. A block holds, for each vector that its updater keeps
 * (first and second moment, velocity, ...), one number for each parameter.
 */
public final class UpdaterState {

    private static final String PACKAGE = "org.nd4j.linalg.learning.config.";

    private static final Map<String, Integer> VECTORS = Map.ofEntries(
            Map.entry("Sgd", 0),
            Map.entry("NoOp", 0),
            Map.entry("Nesterovs", 1),
            Map.entry("AdaGrad", 1),
            Map.entry("RmsProp", 1),
            Map.entry("Adam", 2),
            Map.entry("AdaMax", 2),
            Map.entry("AdaDelta", 2),
            Map.entry("AdaBelief", 2),
            Map.entry("Nadam", 2),
            Map.entry("AMSGrad", 3));

    /** Parameters from one index to another whose updater keeps some vectors. */
    private record Block(long from, long to, int vectors) {}

    private final List<Block> blocks;

    private UpdaterState(List<Block> blocks) {
        this.blocks = blocks;
    }

    /**
     * Finds the blocks.
     *
     * @param parameters the parameters in the order in which the library counts them
     * @throws InvalidInputException when an updater is not known
     */
    public static UpdaterState of(List<ParameterBlock> parameters) {
        List<Block> blocks = new ArrayList<>();
        ParameterBlock last = null;
        long index = 0;
        for (ParameterBlock next : parameters) {
            long end = index + next.size();
            if (last != null && together(last, next)) {
                Block open = blocks.remove(blocks.size() - 1);
                blocks.add(new Block(open.from(), end, open.vectors()));
            } else {
                blocks.add(new Block(index, end, vectors(next)));
            }
            last = next;
            index = end;
        }
        return new UpdaterState(List.copyOf(blocks));
    }

    private static boolean together(ParameterBlock one, ParameterBlock other) {
        boolean pretrained = one.pretrained() || other.pretrained();
        return one.updater().equals(other.updater())
                && (!pretrained || one.pretrained() && other.pretrained() && one.layer() == other.layer());
    }

    private static int vectors(ParameterBlock parameters) {
        String name = parameters.updater().path("@class").asText("");
        Integer vectors = name.startsWith(PACKAGE) ? VECTORS.get(name.substring(PACKAGE.length())) : null;
        if (vectors == null) {
            throw new InvalidInputException("The state of the updater " + Quoted.name(name)
                    + " cannot be cut, because its layout is not known; save the network without updater state.");
        }
        return vectors;
    }

    /** Number of elements of the whole state. */
    public long length() {
        return blocks.stream()
                .mapToLong(block -> (block.to() - block.from()) * block.vectors())
                .sum();
    }

    /** What goes of the state when parameters go. */
    public BitSet removed(BitSet parameters) {
        BitSet removed = new BitSet();
        long start = 0;
        for (Block block : blocks) {
            for (int vector = 0; vector < block.vectors(); vector++) {
                int from = Math.toIntExact(block.from());
                for (int i = parameters.nextSetBit(from); i >= 0 && i < block.to(); i = parameters.nextSetBit(i + 1)) {
                    removed.set(Math.toIntExact(start + i - from));
                }
                start += block.to() - block.from();
            }
        }
        return removed;
    }
}
