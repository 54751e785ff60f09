package io.espalier.engine.run;

import io.espalier.events.v1.Resources;

/** What this process uses, from sources that cost next to nothing to ask. */
final class ResourceUse {

    private ResourceUse() {}

    static Resources now() {
        Runtime runtime = Runtime.getRuntime();
        Resources.Builder resources = Resources.newBuilder()
                .setHeapUsedBytes(runtime.totalMemory() - runtime.freeMemory())
                .setHeapLimitBytes(runtime.maxMemory())
                .setProcessors(runtime.availableProcessors());
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(time -> resources.setProcessorTime(OutcomeMessages.duration(time)));
        return resources.build();
    }
}
