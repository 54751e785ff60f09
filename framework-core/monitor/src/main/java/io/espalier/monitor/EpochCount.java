package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import io.espalier.events.v1.EpochEnded;

/** How many epochs of a training are over, and how long those that are left will take. Not thread-safe. */
final class EpochCount {

    private final ObjectNode json;
    private long began;
    private int before;
    private int last;

    /**
     * A count for the summary of a run.
     *
     * @param json takes the last epoch as {@code epoch}
     */
    EpochCount(ObjectNode json) {
        this.json = json;
    }

    /** Training begins, or goes on with a smaller network. */
    void trains(Timestamp time) {
        if (last == 0) {
            began = Words.millis(time);
        }
    }

    /** Takes an epoch that has ended. One that does not follow the last begins another stretch: training was resumed, or went back. */
    void take(EpochEnded epoch, Timestamp time) {
        long now = Words.millis(time);
        if (epoch.getEpoch() != last + 1) {
            began = last == 0 ? began : json.at("/epoch/ended").longValue();
            before = epoch.getEpoch() - 1;
        }
        last = epoch.getEpoch();
        ObjectNode node = json.putObject("epoch");
        node.put("number", epoch.getEpoch());
        node.put("of", epoch.getEpochs());
        node.put("ended", now);
        if (began > 0 && last > before) {
            node.put("left", Math.max(0, (now - began) / (last - before) * (epoch.getEpochs() - last)));
        }
    }
}
