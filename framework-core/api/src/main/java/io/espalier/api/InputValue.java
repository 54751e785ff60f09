package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.spi.Quoted;
import io.espalier.spi.Stability;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A value for an input of a model: a number that fills it, or an array in a file. The input counts as known while the model
 * is analysed and proved, as scales and sizes must be; in the pruned file it is an input as before. Immutable.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class InputValue {

    static final String SETTING = "input";

    private final double number;
    private final Optional<Path> file;

    private InputValue(double number, Optional<Path> file) {
        this.number = number;
        this.file = file;
    }

    /** A number that every element of the input is. */
    public static InputValue of(double number) {
        return new InputValue(number, Optional.empty());
    }

    /**
     * An array in a file that a data set reader at hand reads, such as npy and npz: the one with the name of the input, else the
     * only one.
     */
    public static InputValue in(Path file) {
        return new InputValue(Double.NaN, Optional.of(file));
    }

    /** What somebody types: a number, {@code true}, {@code false}, else a file. */
    public static InputValue parse(String typed) {
        if (typed.equals("true") || typed.equals("false")) {
            return of(typed.equals("true") ? 1 : 0);
        }
        try {
            return of(Double.parseDouble(typed));
        } catch (NumberFormatException noNumber) {
            return in(Path.of(typed));
        }
    }

    /**
     * The value as an array; a number has no axes.
     *
     * @param reader reads all arrays of a file
     */
    Tensor tensor(String input, Function<Path, Map<String, Tensor>> reader) {
        return file.map(each -> read(input, each, reader))
                .orElseGet(() -> Tensors.fromDoubles(DataType.FLOAT64, List.of(), number));
    }

    private static Tensor read(String input, Path file, Function<Path, Map<String, Tensor>> reader) {
        if (!Files.isRegularFile(file)) {
            throw refused(input, "'" + file + "' is neither a number nor a file");
        }
        Map<String, Tensor> arrays = reader.apply(file);
        if (arrays.size() == 1) {
            return arrays.values().iterator().next();
        }
        return Optional.ofNullable(arrays.get(input))
                .orElseThrow(() -> refused(
                        input,
                        "'" + file + "' has " + arrays.size() + " arrays, and none has the name of the input: "
                                + String.join(", ", arrays.keySet())));
    }

    private static InputRefusedException refused(String input, String why) {
        return InputRefusedException.setting(Reason.REQUEST, SETTING, SETTING + " " + Quoted.name(input) + ": " + why);
    }

    @Override
    public String toString() {
        return file.map(Path::toString).orElseGet(() -> Double.toString(number));
    }
}
