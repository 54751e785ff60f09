package {package};

import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

public final class {class} implements FrameworkAdapter {
    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Dense networks in text files.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return new String(head, StandardCharsets.UTF_8).startsWith("{name}\n");
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        try {
            return {word}Model.parse(Files.readAllBytes(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException("'" + file + "' cannot be read as a {name} network; check that it is whole", e);
        }
    }
}
