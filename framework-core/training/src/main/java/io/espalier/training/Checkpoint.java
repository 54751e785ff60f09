package io.espalier.training;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.file.FileTrouble;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.Sha256;
import io.espalier.spi.metric.Metric;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file from which training that was killed goes on with the same numbers. It is written after each epoch, beside its place first,
 * and holds a digest of itself.
 *
 * @param file where it lies
 * @param training what is trained, how and on what, in text: another training does not go on from it
 * @param resumes whether training goes on from the file when there is one
 */
record Checkpoint(Path file, String training, boolean resumes) {

    private static final String MAGIC = "espalier checkpoint 4";
    private static final int DIGEST = 64;

    /**
     * What a checkpoint holds.
     *
     * @param steps how often the weights were updated
     * @param cuts the cuts that were made
     * @param choices what the next cut would have removed, where the schedule looks at that
     * @param numbers weights and what is kept of them, by what they are
     */
    record Content(
            TrainingState.Progress progress,
            long steps,
            List<EpochResult> epochs,
            List<Cuts.Made> cuts,
            List<byte[]> choices,
            Map<String, Weights> numbers) {}

    /**
     * What was reached.
     *
     * @return empty where training begins
     * @throws InvalidInputException when the file is damaged, or of another training
     */
    Optional<Content> read() {
        if (!resumes) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length - DIGEST;
            byte[] content = Arrays.copyOf(bytes, Math.max(0, end));
            String digest =
                    new String(bytes, Math.max(0, end), bytes.length - content.length, StandardCharsets.US_ASCII);
            if (!Sha256.of(content).equals(digest)) {
                throw refused("is damaged");
            }
            return Optional.of(content(new DataInputStream(new ByteArrayInputStream(content))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw refused("cannot be read: " + FileTrouble.reason(e));
        }
    }

    private Content content(DataInputStream in) throws IOException {
        if (!in.readUTF().equals(MAGIC) || !text(in).equals(training)) {
            throw refused("is of another training: model, data or settings are not the same");
        }
        TrainingState.Progress progress =
                new TrainingState.Progress(in.readInt(), in.readInt(), in.readInt(), evaluation(in));
        long steps = in.readLong();
        List<EpochResult> epochs = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            epochs.add(new EpochResult(
                    in.readInt(),
                    in.readInt(),
                    in.readDouble(),
                    evaluation(in),
                    evaluation(in),
                    in.readDouble(),
                    in.readDouble()));
        }
        List<Cuts.Made> cuts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            cuts.add(new Cuts.Made(in.readLong(), in.readNBytes(in.readInt())));
        }
        List<byte[]> choices = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            choices.add(in.readNBytes(in.readInt()));
        }
        Map<String, Weights> numbers = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            numbers.put(in.readUTF(), weights(in));
        }
        return new Content(progress, steps, epochs, cuts, choices, numbers);
    }

    private static Weights weights(DataInputStream in) throws IOException {
        Map<String, ArrayTensor> tensors = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = text(in);
            List<Long> shape = new ArrayList<>();
            for (int axes = in.readInt(); axes > 0; axes--) {
                shape.add(in.readLong());
            }
            float[] values = new float[in.readInt()];
            ByteBuffer.wrap(in.readNBytes(values.length * Float.BYTES))
                    .asFloatBuffer()
                    .get(values);
            tensors.put(name, new ArrayTensor(shape, values));
        }
        return Weights.of(tensors);
    }

    private static void weights(DataOutputStream out, Weights weights) throws IOException {
        out.writeInt(weights.names().size());
        for (String name : weights.names()) {
            ArrayTensor tensor = weights.tensor(name);
            text(out, name);
            out.writeInt(tensor.shape().size());
            for (long extent : tensor.shape()) {
                out.writeLong(extent);
            }
            out.writeInt(tensor.values().length);
            ByteBuffer floats = ByteBuffer.allocate(tensor.values().length * Float.BYTES);
            floats.asFloatBuffer().put(tensor.values());
            out.write(floats.array());
        }
    }

    private static Optional<Evaluation> evaluation(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? Optional.of(new Evaluation(
                        in.readUTF(),
                        Metric.Unit.valueOf(in.readUTF()),
                        in.readBoolean(),
                        in.readDouble(),
                        in.readLong()))
                : Optional.empty();
    }

    private InvalidInputException refused(String what) {
        return new InvalidInputException("The checkpoint " + file + " " + what
                + "; leave --resume out to begin again, or name the output of the" + " training that was interrupted.");
    }

    /**
     * Writes what was reached in the place of what the file held; until that is done the file is as it was.
     *
     * @throws InvalidInputException when it cannot be written
     */
    void write(Content content) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            byte[] bytes = bytes(content);
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                write(channel, bytes);
                write(channel, Sha256.of(bytes).getBytes(StandardCharsets.US_ASCII));
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(beside);
            throw new InvalidInputException("The checkpoint " + file + " cannot be written: " + FileTrouble.reason(e)
                    + "; the one before is kept, and --resume goes on from it.");
        }
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(MAGIC);
        text(out, training);
        out.writeInt(content.progress().epoch());
        out.writeInt(content.progress().bestEpoch());
        out.writeInt(content.progress().improvedEpoch());
        evaluation(out, content.progress().bestMeasure());
        out.writeLong(content.steps());
        out.writeInt(content.epochs().size());
        for (EpochResult each : content.epochs()) {
            out.writeInt(each.number());
            out.writeInt(each.epochs());
            out.writeDouble(each.loss());
            evaluation(out, each.training());
            evaluation(out, each.validation());
            out.writeDouble(each.rate());
            out.writeDouble(each.seconds());
        }
        out.writeInt(content.cuts().size());
        for (Cuts.Made cut : content.cuts()) {
            out.writeLong(cut.at());
            out.writeInt(cut.record().length);
            out.write(cut.record());
        }
        out.writeInt(content.choices().size());
        for (byte[] choice : content.choices()) {
            out.writeInt(choice.length);
            out.write(choice);
        }
        out.writeInt(content.numbers().size());
        for (Map.Entry<String, Weights> each : content.numbers().entrySet()) {
            out.writeUTF(each.getKey());
            weights(out, each.getValue());
        }
        return bytes.toByteArray();
    }

    private static void evaluation(DataOutputStream out, Optional<Evaluation> evaluation) throws IOException {
        out.writeBoolean(evaluation.isPresent());
        if (evaluation.isPresent()) {
            Evaluation each = evaluation.get();
            out.writeUTF(each.metric());
            out.writeUTF(each.unit().name());
            out.writeBoolean(each.higherIsBetter());
            out.writeDouble(each.value());
            out.writeLong(each.examples());
        }
    }

    /** Texts of any length. */
    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    /** Deletes the file: the training has ended. */
    void delete() {
        delete(file);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new InvalidInputException("The file " + file + " cannot be deleted: " + FileTrouble.reason(e) + ".");
        }
    }
}
