package io.espalier.engine.run;

import io.espalier.events.v1.Resources;
import java.time.Duration;

/** What this process uses, from sources that cost next to nothing to ask. */
final class ResourceUse {

    private ResourceUse() {}

    static com.google.protobuf.Duration duration(Duration elapsed) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(elapsed.getSeconds())
                .setNanos(elapsed.getNano())
                .build();
    }

    static Resources now() {
        Runtime runtime = Runtime.getRuntime();
        Resources.Builder resources = Resources.newBuilder()
                .setHeapUsedBytes(runtime.totalMemory() - runtime.freeMemory())
                .setHeapLimitBytes(runtime.maxMemory())
                .setProcessors(runtime.availableProcessors());
        ProcessHandle.current().info().totalCpuDuration().ifPresent(time -> resources.setProcessorTime(duration(time)));
        return resources.build();
    }
}
