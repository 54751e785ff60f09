package io.espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Whether and how the meters of a run can be read. */
final class MetricsOptions {

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve the meters of the run as Prometheus text at /metrics of this port, until the run ends;"
                    + " 0 takes a free one.")
    Integer port;

    @Option(
            names = "--metrics-host",
            paramLabel = "HOST",
            description = "Where to listen for that (default: 127.0.0.1, this machine only).")
    String host;

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "Write the meters to this file as Prometheus text when the run has ended.")
    Path file;
}
