package io.espalier.dist;

import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.PluginBrokenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Opens and prunes hostile files in this process, and says what is wrong with how that ends. */
final class TestingPruner implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final Espalier espalier;
    private final Path folder;
    private final ExecutorService worker = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "hostile file");
        thread.setDaemon(true);
        return thread;
    });

    TestingPruner(Path folder) {
        this.folder = folder;
        this.espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build();
    }

    /** How it went: the sentence, if any, and what must not be, if anything. */
    record Result(Optional<String> sentence, Optional<String> fault) {}

    /** Opens and analyses a file. */
    Result inspect(Path file) {
        return ended(() -> espalier.inspect(file).close());
    }

    /** Opens, prunes and proves a file. */
    Result prune(Path file) throws IOException {
        Path target = Files.createTempDirectory(folder, "pruned");
        String name = file.getFileName().toString();
        Path output = target.resolve("pruned" + name.substring(name.lastIndexOf('.')));
        Result result = ended(() -> espalier.prune(file).target("channels=50%").to(output));
        List<Path> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(target)) {
            files.forEach(left::add);
        }
        boolean beside = result.sentence().isPresent() && Files.exists(output);
        for (Path each : left) {
            Files.deleteIfExists(each);
        }
        return beside ? new Result(result.sentence(), Optional.of("an output beside an error")) : result;
    }

    /** Writes a plan. */
    void plan(Path model, Path plan) {
        espalier.plan(model).target("channels=50%").to(plan);
    }

    /** Reads a plan and proves that a model is what it makes of itself, which it is not. */
    Result verify(Path model, Path plan) {
        return ended(() -> espalier.verify(model, plan, model).run());
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
            return new Result(Optional.of(thrown.getMessage()), Optional.empty());
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
