package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.api.Espalier;
import io.espalier.api.InputRefusedException;
import io.espalier.api.InputValue;
import io.espalier.api.PlanRequest;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.testkit.TestingNpz;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that run for some values of an input alone, such as a scale: with such a value they are pruned like any other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GivenInputsTest {

    private static final Path FIELD = Path.of("../engine/src/test/resources/field");
    private static final Path SCALE = FIELD.resolve("j-scale-input.onnx");
    private static final Map<String, InputValue> HALF = Map.of("ratio", InputValue.parse("0.5"));

    private Espalier espalier;

    @TempDir
    private Path folder;

    @BeforeAll
    void open() {
        espalier = Espalier.builder()
                .withoutClassPath()
                .plugins(Launcher.home().resolve("plugins"))
                .build();
    }

    @AfterAll
    void close() {
        espalier.close();
    }

    private PruneRequest prune(Path model) {
        return espalier.prune(model).target("channels=50%").withoutLatency();
    }

    private PlanRequest plan(InputValue value) {
        return espalier.plan(SCALE).target("channels=50%").inputs(Map.of("ratio", value));
    }

    @Test
    void inspectPrintsTheValues() throws IOException {
        Launcher launcher = new Launcher(folder);
        Launcher.Result text = launcher.run("inspect", SCALE.toAbsolutePath(), "--input", "ratio=0.5");
        Launcher.Result json = launcher.run("inspect", SCALE.toAbsolutePath(), "--input", "ratio=0.5", "--json");
        assertThat(text.out()).as(text.err()).containsPattern("(?m)^given +ratio = 0\\.5");
        assertThat(json.out()).as(json.err()).containsPattern("\"ratio\" *: *\\{\\s*\"type\" *: *\"FLOAT32\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"j-scale-input", "two-subnets-state"})
    void aValueIsRecordedAndHoldsWhereverThePlanIsUsed(String name) throws IOException {
        Path model = FIELD.resolve(name + ".onnx");
        Path pruned = folder.resolve(name + ".onnx");
        Path again = folder.resolve(name + ".again.onnx");
        PruneResult result = prune(model).inputs(HALF).to(pruned);
        assertThat(result.proof().isProved()).isTrue();
        assertThat(Files.readString(result.files().plan())).contains("\"ratio\"");
        assertThat(Files.readString(result.files().report())).contains("\"ratio\"");
        assertThat(espalier.verify(model, result.files().plan(), pruned)
                        .run()
                        .proof()
                        .isProved())
                .isTrue();
        espalier.prune(model).plan(result.files().plan()).withoutLatency().to(again);
        assertThat(again).hasSameBinaryContentAs(pruned);
    }

    @ParameterizedTest
    @ValueSource(strings = {"j-scale-input", "two-subnets-state"})
    void withoutAValueTheMessageSaysHowToGiveOne(String name) {
        assertThatThrownBy(() -> prune(FIELD.resolve(name + ".onnx")).to(folder.resolve("none.onnx")))
                .hasMessageContaining("--input NAME=VALUE");
    }

    @Test
    void dataFeedsTheOtherInputs() throws IOException {
        Path data = folder.resolve("data.npz");
        Files.write(
                data,
                new TestingNpz()
                        .array("x", "<f4", "(2, 3, 8, 8)", TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, ramp(2 * 3 * 64)))
                        .deflated());
        PruneResult result = prune(SCALE).inputs(HALF).data(data).to(folder.resolve("fed.onnx"));
        assertThat(result.proof().isProved()).isTrue();
    }

    private static float[] ramp(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i % 13 / 13f;
        }
        return values;
    }

    @Test
    void arraysOfFilesAreChosenByName() throws IOException {
        Path several = folder.resolve("several.npz");
        byte[] half = TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, 0.5f);
        Files.write(
                several,
                new TestingNpz()
                        .array("other", "<f4", "(2,)", TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, 1, 2))
                        .array("ratio", "<f4", "(1,)", half)
                        .stored());
        Path one = folder.resolve("one.npy");
        Files.write(one, TestingNpz.npy(1, TestingNpz.header("<f4", false, "(1,)"), half));
        String typed = plan(InputValue.of(0.5)).make().plan().json();
        assertThat(plan(InputValue.parse(several.toString())).make().plan().json())
                .isEqualTo(typed);
        assertThat(plan(InputValue.in(one)).make().plan().json()).isEqualTo(typed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "1e50", "no-such-file.npy", "", "../engine/pom.xml"})
    void aBadValueIsAFaultOfTheRequest(String typed) {
        assertThatThrownBy(() -> plan(InputValue.parse(typed)).make())
                .isInstanceOfSatisfying(
                        InputRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(InputRefusedException.Reason.REQUEST));
    }
}
