package {package};

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.DatasetReaderContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class {class}Test extends DatasetReaderContract {

    @Override
    protected DatasetReader reader() {
        return new {class}();
    }

    @Override
    protected byte[] validFile() {
        try (InputStream small = getClass().getResourceAsStream("/small.{name}")) {
            return small.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected boolean isText() {
        return true;
    }

    @Test
    void classesAndFeaturesAreThoseOfTheFile() {
        Dataset data = open(write("small", validFile()));
        assertThat(Tensors.toLongs(data.arrays().get("label"))).containsExactly(0, 1, 0);
        assertThat(Tensors.toFloats(data.arrays().get("x"))).containsExactly(0.5f, -1, 2, 0.25f, 0, 1);
    }
}
