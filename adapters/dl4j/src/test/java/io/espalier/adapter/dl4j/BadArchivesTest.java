package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;

class BadArchivesTest {

    @TempDir
    Path folder;

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private Path good;
    private Path bad;

    @BeforeEach
    void save() {
        good = Testing.save(TestingNetworks.lenet(new Adam(1e-3)).train(1).network(), folder.resolve("good.zip"));
        bad = folder.resolve("bad.zip");
        Archive archive = Archive.open(good);
        archive.entries().forEach(entry -> entries.put(entry, archive.read(entry, Integer.MAX_VALUE)));
    }

    private void write() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bad))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }

    private void assertRefused(String... parts) throws IOException {
        byte[] before = Files.readAllBytes(bad);
        assertThatThrownBy(() -> new Dl4jAdapter().open(bad))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains("bad.zip")
                .contains(parts)
                .endsWith(".")
                .doesNotContain("Exception");
        assertThat(Files.readAllBytes(bad)).isEqualTo(before);
    }

    private String configuration() {
        return new String(entries.get(Archive.CONFIGURATION), StandardCharsets.UTF_8);
    }

    private void configure(String from, String to) throws IOException {
        assertThat(configuration()).contains(from);
        entries.put(
                Archive.CONFIGURATION,
                configuration()
                        .replaceFirst(java.util.regex.Pattern.quote(from), to)
                        .getBytes(StandardCharsets.UTF_8));
        write();
    }

    @Test
    void aTruncatedArchiveIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(good);
        Files.write(bad, Arrays.copyOf(whole, whole.length / 2));
        assertThat(new Dl4jAdapter().recognises(bad, whole)).isTrue();
        assertRefused("not a complete zip archive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.bin", "/etc/evil", "a/../../evil", "a\\evil", "C:evil"})
    void anEntryThatPointsOutsideIsRefused(String name) throws IOException {
        entries.put(name, new byte[1]);
        write();
        assertRefused("points outside");
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bad))) {
            zip.putNextEntry(new ZipEntry(Archive.CONFIGURATION));
            byte[] spaces = new byte[1 << 20];
            Arrays.fill(spaces, (byte) ' ');
            for (int i = 0; i < 70; i++) {
                zip.write(spaces);
            }
            zip.closeEntry();
        }
        assertThat(Files.size(bad)).isLessThan(1 << 20);
        assertRefused("at most 67108864 are expected");
    }

    @Test
    void anotherEntryThatUnpacksWithoutEndIsRefused() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bad))) {
            zip.putNextEntry(new ZipEntry("notes.txt"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 257; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        assertRefused("more than the 268435456");
    }

    @Test
    void missingEntriesAreNamed() throws IOException {
        entries.remove(Archive.COEFFICIENTS);
        write();
        assertRefused("no entry 'coefficients.bin'");
    }

    @Test
    void coefficientsOfAnotherLengthAreRefused() throws IOException {
        byte[] coefficients = entries.get(Archive.COEFFICIENTS);
        entries.put(Archive.COEFFICIENTS, Arrays.copyOf(coefficients, coefficients.length - 4));
        write();
        assertRefused("coefficients.bin is damaged", "announces");
    }

    @Test
    void coefficientsThatDoNotFitTheConfigurationAreRefused() throws IOException {
        configure("\"nout\" : 4", "\"nout\" : 5");
        assertRefused("its configuration has", "but coefficients.bin holds");
    }

    @Test
    void coefficientsThatAreNoArrayAreRefused() throws IOException {
        entries.put(Archive.COEFFICIENTS, "hello, this is no array".getBytes(StandardCharsets.US_ASCII));
        write();
        assertRefused("coefficients.bin is damaged");
    }

    @Test
    void updaterStateThatDoesNotFitIsRefusedWhenItIsCut() throws IOException {
        byte[] state = entries.get(Archive.COEFFICIENTS);
        entries.put(Archive.UPDATER_STATE, state);
        write();
        Path target = folder.resolve("out.zip");
        assertThatThrownBy(() -> Testing.prune(bad, target, "channels=50%"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("updaterState.bin holds");
        assertThat(target).doesNotExist();
    }

    @Test
    void brokenJsonIsRefusedWithItsPlace() throws IOException {
        entries.put(Archive.CONFIGURATION, configuration().substring(0, 500).getBytes(StandardCharsets.UTF_8));
        write();
        assertRefused("configuration.json", "no complete JSON", "line");
    }

    @Test
    void jsonNestedWithoutEndIsRefused() throws IOException {
        entries.put(Archive.CONFIGURATION, "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        write();
        assertRefused("nested more than");
    }

    @ParameterizedTest
    @CsvSource({
        "org.deeplearning4j.nn.conf.layers.DenseLayer, com.example.Evil, none of DL4J's own",
        "org.deeplearning4j.nn.conf.layers.DenseLayer, javax.script.ScriptEngineManager, none of DL4J's own",
        "org.nd4j.linalg.activations.impl.ActivationReLU, java.net.URLClassLoader, none of DL4J's own",
        "org.deeplearning4j.nn.conf.layers.DenseLayer, org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer,"
                + " code of its own",
        "org.deeplearning4j.nn.conf.layers.DenseLayer, org.deeplearning4j.nn.conf.layers.Imagined, cannot be lifted"
    })
    void classesFromElsewhereAreNeverLoaded(String from, String to, String reason) throws IOException {
        configure(from, to);
        assertRefused(to.substring(to.lastIndexOf('.') + 1), reason);
    }

    @Test
    void aHostileClassIsFoundWhereverItHides() throws IOException {
        configure("\"weightNoise\" : null", "\"weightNoise\" : {\"x\" : [{\"@class\" : \"java.lang.Runtime\"}]}");
        assertRefused("java.lang.Runtime");
    }

    /** DL4J would read the preprocessor as a serialised Java object, whatever it is; here it is never even read. */
    @Test
    void normaliserAndOtherEntriesStayAsTheyAre() throws IOException {
        byte[] odd = {1, 2, 3, (byte) 0xAC, (byte) 0xED};
        entries.put("normalizer.bin", odd);
        entries.put("preprocessor.bin", odd);
        entries.put("notes.txt", odd);
        write();
        Path target = folder.resolve("pruned.zip");
        Testing.prune(bad, target, "channels=50%");
        Archive pruned = Archive.open(target);
        for (String name : new String[] {"normalizer.bin", "preprocessor.bin", "notes.txt"}) {
            assertThat(pruned.read(name, 100)).isEqualTo(odd);
        }
    }
}
