package io.espalier.engine.evidence;

import io.espalier.spi.criterion.ChannelGroup;

/** Coupled channels that know their classes. */
public interface ClassedGroup extends ChannelGroup {

    /** The numbers of the classes, in the order of the channels. */
    int[] classes();
}
