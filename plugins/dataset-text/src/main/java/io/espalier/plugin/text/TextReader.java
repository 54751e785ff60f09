package io.espalier.plugin.text;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.ClassCodes;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.data.GzipFiles;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads texts, one example a line, for models that take tokens; plain or compressed with gzip, in UTF-8.
 *
 * <p>A line is a text, or has columns of which one is the text and one the label. Texts become tokens by the tokenizer that
 * belongs to the model: {@code tokenizer.json}, or {@code vocab.txt} of a BERT. Inputs are filled by their names: token
 * numbers, attention mask, token types, positions; cut and padded to the length the model takes. The tokens of a file are
 * held in memory.
 */
public final class TextReader implements DatasetReader {

    private static final String AUTO = "auto";
    private static final int HEAD_BYTES = 4096;
    private static final int SHORTEST = 4;
    private static final int LONGEST = 1 << 17;

    @Override
    public String name() {
        return "text";
    }

    @Override
    public String description() {
        return "Texts for token models, one a line or in columns with labels, through the model's tokenizer.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.text(
                        "tokenizer",
                        AUTO,
                        "tokenizer.json or vocab.txt, or the folder of one; auto: beside the model, else beside the texts"),
                OptionSpec.integer(
                        "length",
                        0,
                        0,
                        LONGEST,
                        "tokens of an example; 0: what the model takes, else the longest up to 512"),
                OptionSpec.text("text", AUTO, "column of texts: its name or its number from 1"),
                OptionSpec.text("label", AUTO, "column of labels: its name, its number from 1 or none"),
                OptionSpec.text(
                        "classes", AUTO, "names of the classes in order, parted by commas; auto: by code point"),
                OptionSpec.choice("header", List.of(AUTO, "yes", "no"), "whether the first line names the columns"));
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        byte[] decoded = GzipFiles.head(head);
        boolean whole = head.length < HEAD_BYTES && decoded.length < GzipFiles.MOST_HEAD_BYTES;
        return Prose.isIn(new String(decoded, StandardCharsets.UTF_8), whole);
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        context.checkCancelled();
        List<String> names = options.text("classes").equals(AUTO)
                ? List.of()
                : List.of(options.text("classes").split(",", -1)).stream()
                        .map(String::trim)
                        .toList();
        TextFile texts = new TextFile(file, context);
        TextForm form = TextForm.of(texts, options.text("text"), options.text("label"), options.text("header"));
        long[] size = new long[1];
        Optional<ClassCodes> codes = form.label() < 0 ? Optional.empty() : Optional.of(new ClassCodes(names));
        form.rows(texts, row -> {
            size[0]++;
            codes.flatMap(each -> each.add(row.cells().get(form.label()))).ifPresent(wrong -> {
                throw texts.refused(row.line(), wrong);
            });
            if (row.cells().get(form.text()).isEmpty()) {
                throw texts.refused(row.line(), "has no text");
            }
        });
        if (size[0] == 0) {
            throw texts.refused("it holds no texts");
        }
        Path tokenizer =
                TokenizerFile.find(options.text("tokenizer").equals(AUTO) ? "" : options.text("tokenizer"), file);
        int length = Math.toIntExact(options.integer("length"));
        return new TextData(
                texts,
                form,
                tokenizer,
                length == 0 ? OptionalInt.empty() : OptionalInt.of(Math.max(SHORTEST, length)),
                size[0],
                codes);
    }
}
