package io.espalier.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prunes many files through the command line, in one JVM, and prints a line for each: exit code, and digests of the
 * pruned file and its plan, or the first line of what was said instead. It stands in the package of the commands because
 * a process for each file would take ten times as long; {@code docs/benchmarks/same-bytes} runs it with two versions.
 */
final class SameBytes {

    private static final int SAMPLE = 8;

    /** All that the defaults of some version decide is named, so that versions with other defaults can be compared. */
    private static final List<String> SETTINGS = List.of(
            "--target macs=70% --criterion l1 --aggregate sum --normalise sum --allocator global --round-to 1",
            "--target channels=50% --criterion l2 --aggregate sum --normalise sum --allocator uniform --round-to 2",
            "--target params=60% --criterion l1 --aggregate sum --normalise mean --allocator isomorphic --round-to 1"
                    + " --heads both");

    private SameBytes() {}

    /** Arguments: {@code all} settings for each file, {@code one}, or a {@code sample} of the files; then folders. */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("same-bytes");
        boolean all = arguments[0].equals("all");
        int each = arguments[0].equals("sample") ? SAMPLE : 1;
        int count = 0;
        for (String folder : List.of(arguments).subList(1, arguments.length)) {
            List<Path> files;
            try (Stream<Path> listed = Files.list(Path.of(folder))) {
                files = listed.filter(file -> file.toString().matches(".*\\.(onnx|tflite|zip|h5)"))
                        .sorted(Comparator.comparing(Path::toString))
                        .toList();
            }
            for (Path file : files) {
                for (int setting = 0; setting < SETTINGS.size(); setting++) {
                    if (all || count % each == 0 && setting == count / each % SETTINGS.size()) {
                        System.out.println(
                                file.getFileName() + " " + setting + " " + pruned(file, SETTINGS.get(setting), work));
                    }
                }
                count++;
            }
        }
        Files.delete(work);
        System.out.flush();
        // DL4J's HDF5 library may abort a JVM that ends in the ordinary way.
        Runtime.getRuntime().halt(0);
    }

    private static String pruned(Path file, String setting, Path work) throws Exception {
        String name = file.getFileName().toString();
        Path output = work.resolve("pruned" + name.substring(name.lastIndexOf('.')).replace(".h5", ".zip"));
        List<String> arguments = new ArrayList<>(List.of("prune", file.toString(), "-o", output.toString(), "--no-latency"));
        arguments.addAll(List.of(setting.split(" ")));
        StringWriter said = new StringWriter();
        int exitCode = CommandLines.of(environment(new PrintWriter(said, true)))
                .execute(arguments.toArray(String[]::new));
        String result = exitCode == ExitCode.OK
                ? digest(output) + " " + digest(output.resolveSibling(output.getFileName() + ".plan.json"))
                : said.toString().lines().findFirst().orElse("").replace(work.toString(), "");
        empty(work);
        return exitCode + " " + result;
    }

    /** The environment of the process, except that what is said is caught; other components are as the launcher has them. */
    private static Environment environment(PrintWriter said) throws ReflectiveOperationException {
        Method standard = Stream.of(Main.class.getDeclaredMethods())
                .filter(method -> method.getName().equals("environment"))
                .findFirst()
                .orElseThrow();
        standard.setAccessible(true);
        List<Object> streams = new ArrayList<>();
        for (Class<?> taken : standard.getParameterTypes()) {
            Constructor<?> around = taken.getDeclaredConstructor(OutputStream.class);
            around.setAccessible(true);
            streams.add(around.newInstance(OutputStream.nullOutputStream()));
        }
        Environment found = (Environment) standard.invoke(null, streams.toArray());
        List<Object> values = new ArrayList<>();
        List<Class<?>> types = new ArrayList<>();
        for (RecordComponent component : Environment.class.getRecordComponents()) {
            boolean writes = component.getType() == PrintWriter.class;
            component.getAccessor().setAccessible(true);
            values.add(writes ? said : component.getAccessor().invoke(found));
            types.add(component.getType());
        }
        Constructor<Environment> constructor = Environment.class.getDeclaredConstructor(types.toArray(Class[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values.toArray());
    }

    private static String digest(Path file) throws IOException, GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(digest, 0, 12);
    }

    private static void empty(Path work) throws IOException {
        try (Stream<Path> all = Files.list(work)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
    }
}
