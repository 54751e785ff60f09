package io.espalier.dist;

import io.espalier.api.DataFile;
import io.espalier.api.DataRequest;
import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.InputRefusedException;
import io.espalier.api.InputRefusedException.Reason;
import io.espalier.api.PluginBrokenException;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.events.JournalException;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Opens and prunes hostile files in this process, and says what is wrong with how that ends. */
final class TestingPruner implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    /** How working files beside an output begin. */
    private static final String TEMPORARY = ".espalier-";

    private final Espalier espalier;
    private final Path folder;
    private final Path shipped = Launcher.home().resolve("plugins");
    private final ExecutorService worker = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "hostile file");
        thread.setDaemon(true);
        return thread;
    });

    TestingPruner(Path folder) {
        this.folder = folder;
        this.espalier = Espalier.builder().plugins(shipped).build();
    }

    /** How it went: the sentence, if any, what must not be, if anything, and whose fault it is, if an input was refused. */
    record Result(Optional<String> sentence, Optional<String> fault, Optional<Reason> refused) {

        Result(Optional<String> sentence, Optional<String> fault) {
            this(sentence, fault, Optional.empty());
        }
    }

    /** Opens and analyses a file. */
    Result inspect(Path file) {
        return ended(() -> espalier.inspect(file).close());
    }

    /** Opens, prunes and proves a file. */
    Result prune(Path file) throws IOException {
        return prune(file, UnaryOperator.identity());
    }

    /** Prunes a model with examples of the data. */
    Result prune(Path file, Path data) throws IOException {
        return prune(file, request -> request.data(data));
    }

    /** Reads data, all of it. */
    Result data(Path file, UnaryOperator<DataRequest> more) {
        return ended(() -> more.apply(espalier.data(List.of(DataFile.of(file)))).inspect());
    }

    private Result prune(Path file, UnaryOperator<PruneRequest> more) throws IOException {
        Path target = Files.createTempDirectory(folder, "pruned");
        String name = file.getFileName().toString();
        Path output = target.resolve("pruned" + name.substring(name.lastIndexOf('.')));
        Result result = ended(
                () -> more.apply(espalier.prune(file).target("channels=50%").withoutLatency())
                        .to(output));
        if (result.fault().isPresent()) {
            // What does not end still writes there; the folder of the test is deleted with all in it.
            return result;
        }
        boolean beside = result.sentence().isPresent() && Files.exists(output);
        boolean temporary = false;
        List<Path> left;
        try (Stream<Path> files = Files.walk(target)) {
            left = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : left) {
            temporary |= each.getFileName().toString().startsWith(TEMPORARY);
            Files.deleteIfExists(each);
        }
        return beside || temporary
                ? new Result(
                        result.sentence(),
                        Optional.of(beside ? "an output beside an error" : "temporary files beside the output"))
                : result;
    }

    /** Writes a plan. */
    void plan(Path model, Path plan) {
        espalier.plan(model).target("channels=50%").to(plan);
    }

    /** Reads a plan and proves that a model is what it makes of itself, which it is not. */
    Result verify(Path model, Path plan) {
        return ended(() -> espalier.verify(model, plan, model).run());
    }

    /** Writes the journal of a run. */
    void journal(Path model, Path journal) throws IOException {
        Path target = Files.createTempDirectory(folder, "journal");
        PruneResult result = espalier.prune(model).target("channels=50%").to(target.resolve("pruned.onnx"));
        Files.move(result.files().journal(), journal);
    }

    /** Reads a journal as a subscriber does. */
    Result replay(Path journal) {
        return ended(() -> {
            try {
                JournalReader.read(journal).events().forEach(PruningEvent::toString);
            } catch (JournalException e) {
                // A sentence: the file is no journal.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Loads a plug-in beside those that ship, and plans with what it offers. A broken plug-in may say so. */
    Result load(Path jar, Path model) {
        Path plugins = jar.resolveSibling("damaged-plugins");
        Result result = ended(() -> {
            try {
                Files.createDirectories(plugins);
                Files.copy(jar, plugins.resolve("damaged.jar"), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try (Espalier loading = Espalier.builder()
                    .withoutClassPath()
                    .plugins(plugins)
                    .plugins(shipped)
                    .build()) {
                loading.plugins().examine();
                loading.plan(model).criterion("random").target("channels=50%").make();
            } catch (PluginBrokenException e) {
                // A sentence of its own, with an exit code of its own.
            }
        });
        return result;
    }

    private Result ended(Runnable work) {
        Future<?> end = worker.submit(work);
        try {
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new Result(Optional.empty(), Optional.empty());
        } catch (ExecutionException e) {
            return result(e.getCause());
        } catch (TimeoutException e) {
            end.cancel(true);
            return new Result(Optional.empty(), Optional.of("no end after " + PATIENCE_SECONDS + " s"));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Result result(Throwable thrown) {
        boolean documented = thrown instanceof EspalierException && !(thrown instanceof PluginBrokenException);
        if (documented) {
            return new Result(
                    Optional.of(thrown.getMessage()),
                    Optional.empty(),
                    thrown instanceof InputRefusedException refused ? Optional.of(refused.reason()) : Optional.empty());
        }
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        StringBuilder fault = new StringBuilder(thrown.toString());
        for (StackTraceElement frame : Stream.of(cause.getStackTrace()).limit(8).toList()) {
            fault.append("\n    at ").append(frame);
        }
        return new Result(Optional.empty(), Optional.of(fault.toString()));
    }

    @Override
    public void close() {
        worker.shutdownNow();
        espalier.close();
    }
}
