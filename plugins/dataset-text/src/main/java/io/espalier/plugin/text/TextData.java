package io.espalier.plugin.text;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.ClassCodes;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Texts that become tokens once it is known for what.
 *
 * @param given length that was asked for
 */
record TextData(TextFile file, TextForm form, Path tokenizer, OptionalInt given, long size, Optional<ClassCodes> codes)
        implements Dataset {

    private static final int LONGEST = 512;

    @Override
    public List<String> classNames() {
        return codes.map(ClassCodes::names).orElse(List.of());
    }

    @Override
    public List<String> notes() {
        return codes.flatMap(each -> each.note("'" + file.path() + "'")).stream()
                .toList();
    }

    @Override
    public Map<String, Tensor> arrays() {
        Map<String, TokenInput> usual = new LinkedHashMap<>();
        for (TokenInput each : List.of(TokenInput.IDS, TokenInput.MASK, TokenInput.TYPES)) {
            usual.put(each.usual(), each);
        }
        return new Tokenised(this, usual, tokens(given.orElse(LONGEST)), given).arrays();
    }

    @Override
    public Dataset forModel(Graph graph) {
        Map<String, ValueType> fed = new LinkedHashMap<>(graph.inputs());
        fed.keySet().removeAll(graph.given().keySet());
        Map<String, TokenInput> inputs = new LinkedHashMap<>();
        OptionalInt length = given;
        for (Map.Entry<String, ValueType> each : fed.entrySet()) {
            inputs.put(each.getKey(), kind(each.getKey(), fed.size()));
            length = length.isPresent() ? length : length(each.getValue());
        }
        return new Tokenised(this, inputs, tokens(length.orElse(LONGEST)), length);
    }

    private static TokenInput kind(String input, int inputs) {
        return TokenInput.of(input)
                .or(() -> inputs == 1 ? Optional.of(TokenInput.IDS) : Optional.empty())
                .orElseThrow(() ->
                        new InvalidInputException("Texts give token numbers, masks, token types and positions, and"
                                + " the name of the input " + Quoted.name(input)
                                + " says none of them; give its value (--input)"
                                + " or pack the examples as npz."));
    }

    private static OptionalInt length(ValueType input) {
        return input.shape()
                .filter(axes -> axes.size() == 2 && axes.get(1) instanceof Dimension.Fixed fixed && fixed.extent() > 0)
                .map(axes -> OptionalInt.of(Math.toIntExact(((Dimension.Fixed) axes.get(1)).extent())))
                .orElse(OptionalInt.empty());
    }

    private Tokens tokens(int limit) {
        try (Tokenizer opened = Tokenizer.open(tokenizer, limit)) {
            Tokens tokens = new Tokens(Math.toIntExact(size), opened.padding());
            form.rows(file, row -> opened.encode(row.cells().get(form.text()), tokens));
            if (tokens.size() != size) {
                throw file.refused("it changed while it was read");
            }
            return tokens;
        }
    }

    /** Texts as tokens for the inputs of a model. */
    private record Tokenised(TextData texts, Map<String, TokenInput> inputs, Tokens tokens, OptionalInt length)
            implements Dataset {

        @Override
        public long size() {
            return texts.size();
        }

        @Override
        public Map<String, Tensor> arrays() {
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            int padded = length.orElse(tokens.longest());
            inputs.forEach((name, input) -> arrays.put(name, tokens.array(input, padded)));
            texts.codes().ifPresent(codes -> arrays.put("label", Tensors.vector(codes.classes())));
            return arrays;
        }

        @Override
        public List<String> notes() {
            String read = "The texts in '" + texts.file().path() + "' became tokens by '" + texts.tokenizer() + "'"
                    + (tokens.cut() == 0
                            ? "."
                            : "; " + tokens.cut() + " of " + size() + " are longer than " + length.orElse(LONGEST)
                                    + " tokens and were cut.");
            return Stream.concat(Stream.of(read), texts.notes().stream()).toList();
        }

        @Override
        public List<String> classNames() {
            return texts.classNames();
        }
    }
}
