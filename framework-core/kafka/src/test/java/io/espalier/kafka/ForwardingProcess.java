package io.espalier.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A run in a process of its own, which tells events without end and forwards them until it is killed. */
public final class ForwardingProcess {

    private ForwardingProcess() {}

    static Process start(Path folder, String runId, String bootstrap, String topic) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ForwardingProcess.class.getName(),
                        folder.toString(),
                        runId,
                        bootstrap,
                        topic))
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        try (TestingJournal journal = TestingJournal.begin(Path.of(arguments[0]), arguments[1])) {
            JournalForwarder.start(
                    journal.file(), KafkaSettings.of(arguments[2]).topic(arguments[3]));
            while (true) {
                journal.progress(20);
                Thread.sleep(1);
            }
        }
    }
}
