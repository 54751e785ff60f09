package io.espalier.graph.operator;

/**
 * What an operator that only moves elements does to them, or how the operands of one that reshapes its output must
 * follow its extents. Operators with the same movement have the same slots and attributes as the one of ONNX.
 */
public enum Movement {
    /** Regroups axes to the extents in slot 1. */
    RESHAPE,
    /** Regroups axes into two. */
    FLATTEN,
    /** Drops axes of extent 1. */
    SQUEEZE,
    /** Inserts axes of extent 1. */
    UNSQUEEZE,
    /** Permutes axes. */
    TRANSPOSE,
    /** Joins its operands along an axis. */
    CONCAT,
    /** Divides its operand along an axis into the lengths in slot 1. */
    SPLIT,
    /** Cuts ranges out: starts, ends, axes and steps in slots 1 to 4. */
    SLICE,
    /** Adds positions around an axis: amounts in slot 1, axes in slot 3. */
    PAD,
    /** Repeats axes of extent 1 to the extents in slot 1. */
    EXPAND,
    /** Repeats each axis as often as slot 1 says. */
    TILE,
    /** Picks positions of an axis by the indices in slot 1. */
    GATHER,
    /** Picks blocks by the index tuples in slot 1. */
    GATHER_POSITIONS,
    /** Writes blocks where the index tuples in slot 1 say. */
    WRITE_POSITIONS,
    /** Fills a tensor of the extents in slot 0 with one number. */
    FILL,
    /** Counts from slot 0 to slot 1 by the step in slot 2. */
    RANGE,
    /** Makes something of extents and settings alone. */
    GENERATE,
    /** Resamples axes to the extents in slot 3. */
    RESIZE,
    /** Puts pooled elements back into the extents in slot 2. */
    UNPOOL
}
