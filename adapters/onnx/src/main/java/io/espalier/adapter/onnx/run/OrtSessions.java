package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Opens onnxruntime sessions that neither print nor spin. Thread-safe. */
public final class OrtSessions {

    private static boolean loaded;

    private OrtSessions() {}

    /**
     * Loads a model file.
     *
     * @param settings how; {@link Settings#plain() plain} ones compute nothing while the file is loaded
     * @param texts for each input that takes texts, the list in which the numbers that are given name positions
     * @throws ExecutionException when the runtime refuses it; a {@link io.espalier.spi.execution.BrokenModelException} when
     *     the file is what is wrong
     */
    public static OrtRunner open(Path file, Settings settings, Map<String, List<String>> texts) {
        return open(
                settings,
                Map.of(),
                texts,
                (environment, options) -> environment.createSession(file.toString(), options),
                Refusals::loading);
    }

    /**
     * Loads a neutral graph from a file.
     *
     * @throws ExecutionException when the runtime refuses it
     */
    public static OrtRunner openGraph(Path file, Settings settings, Map<String, String> state) {
        return open(
                settings,
                state,
                Map.of(),
                (environment, options) -> {
                    asNeutral(options, settings.purpose());
                    return environment.createSession(file.toString(), options);
                },
                Refusals::of);
    }

    /**
     * Loads a neutral graph from memory.
     *
     * @throws ExecutionException when the runtime refuses it
     */
    public static OrtRunner openGraph(byte[] model, Settings settings, Map<String, String> state) {
        return open(
                settings,
                state,
                Map.of(),
                (environment, options) -> {
                    asNeutral(options, settings.purpose());
                    return environment.createSession(model, options);
                },
                Refusals::of);
    }

    /**
     * Leaves quantisation where the graph has it: a neutral graph must not round where it does not say so, and moving it
     * across a Transpose fails for signed integers. A proof gives memory back after each operator: its graphs are run on
     * a few inputs, and arenas of several sessions take many times what their activations need.
     */
    private static void asNeutral(OrtSession.SessionOptions options, Purpose purpose) throws OrtException {
        options.addConfigEntry("session.disable_quant_qdq", "1");
        options.setCPUArenaAllocator(purpose != Purpose.PROOF);
        // A block for a whole run is up to twice as large as what backward graphs hold at a time.
        options.setMemoryPatternOptimization(false);
        if (purpose == Purpose.TRAINING) {
            options.setDeterministicCompute(true);
        }
    }

    private static OrtRunner open(
            Settings settings,
            Map<String, String> state,
            Map<String, List<String>> texts,
            Loader loader,
            Function<OrtException, ExecutionException> refusal) {
        OrtEnvironment environment = environment();
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            throw Refusals.of(e);
        }
        try (OrtSession.SessionOptions options = options(settings)) {
            return new OrtRunner(environment, loader.load(environment, options), state, texts, settings.seconds());
        } catch (OrtException e) {
            throw refusal.apply(e);
        }
    }

    /** The version of the runtime. */
    public static String version() {
        return environment().getVersion();
    }

    private static synchronized OrtEnvironment environment() {
        if (!loaded) {
            CommandLineLimit.require();
            NativeLibraries unpacked = NativeLibraries.unpack();
            try (unpacked) {
                OrtEnvironment.getAvailableProviders();
            }
            loaded = true;
        }
        // Errors come back as exceptions; the runtime's own log would print them a second time.
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }

    private static OrtSession.SessionOptions options(Settings settings) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        options.setIntraOpNumThreads(settings.threads());
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(
                settings.optimise()
                        ? OrtSession.SessionOptions.OptLevel.ALL_OPT
                        : OrtSession.SessionOptions.OptLevel.NO_OPT);
        // Spinning workers slow down everything else on a busy machine.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        if (settings.purpose() == Purpose.PROOF) {
            // Processors without dot products of bytes add pairs of products in 16 bits, which overflow.
            options.addConfigEntry("session.x64quantprecision", "1");
        }
        return options;
    }

    /** Whether the runtime refused a model because it does not implement an operator. */
    public static boolean lacksOperator(ExecutionException e) {
        return e.getCause() instanceof OrtException cause
                && cause.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED;
    }

    @FunctionalInterface
    private interface Loader {
        OrtSession load(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;
    }
}
