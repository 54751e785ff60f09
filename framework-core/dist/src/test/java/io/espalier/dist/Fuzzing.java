package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Uses damaged copies of files. The number of inputs is the property {@code espalier.fuzz}, 200 unless it is set; the profile
 * {@code fuzz} sets 10,000. A seed that fails is printed with the smallest damage that still fails; {@code espalier.fuzz.seed}
 * is the first one.
 *
 * @param folder where they lie
 */
record Fuzzing(Path folder) {

    private static final int INPUTS = Integer.getInteger("espalier.fuzz", 200);
    private static final long FIRST_SEED = Long.getLong("espalier.fuzz.seed", 0);
    private static final Path KEPT = Path.of("target", "fuzz");

    /** Uses a damaged file. */
    @FunctionalInterface
    interface Use {
        TestingPruner.Result of(Path file, long seed) throws IOException;
    }

    /** Fuzzes with several kinds of damage in turn. */
    void run(String ending, List<Path> bases, List<Mutation.Step> damages, Use use) throws IOException {
        List<String> faults = new ArrayList<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + INPUTS; seed++) {
            Path base = bases.get((int) (seed % bases.size()));
            byte[] whole = Files.readAllBytes(base);
            Mutation mutation = Mutation.of(seed);
            Mutation.Step damage = damages.get((int) (seed / bases.size() % damages.size()));
            Optional<String> fault = fault(ending, mutation.apply(whole, damage), seed, use);
            if (fault.isPresent()) {
                Mutation smallest = shrunk(mutation, ending, whole, damage, seed, use);
                Files.createDirectories(KEPT);
                Path kept = KEPT.resolve("seed-" + seed + ending);
                Files.write(kept, smallest.apply(whole, damage));
                faults.add("seed " + seed + ", " + base.getFileName() + ", "
                        + smallest.steps().size() + " steps, kept as " + kept + ": " + fault.get());
            }
        }
        assertThat(faults).as(faults.size() + " of " + INPUTS + " inputs").isEmpty();
    }

    private Mutation shrunk(Mutation mutation, String ending, byte[] whole, Mutation.Step damage, long seed, Use use)
            throws IOException {
        for (Mutation smaller : mutation.smaller()) {
            if (fault(ending, smaller.apply(whole, damage), seed, use).isPresent()) {
                return shrunk(smaller, ending, whole, damage, seed, use);
            }
        }
        return mutation;
    }

    private Optional<String> fault(String ending, byte[] bytes, long seed, Use use) throws IOException {
        Path file = folder.resolve("damaged" + ending);
        Files.write(file, bytes);
        Optional<String> fault = use.of(file, seed).fault();
        Files.delete(file);
        return fault;
    }
}
