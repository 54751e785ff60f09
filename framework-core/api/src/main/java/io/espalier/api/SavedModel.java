package io.espalier.api;

import java.nio.file.Files;
import java.nio.file.Path;

/** TensorFlow's SavedModel, a folder with a graph and its variables: known, so that people learn the way from it. */
final class SavedModel {

    private static final String GRAPH = "saved_model.pb";
    private static final String GRAPH_AS_TEXT = "saved_model.pbtxt";

    /** Version 1 of the format, then a graph with its description: in ONNX a text would follow. */
    private static final int[] BEGINNING = {0x08, 0x01, 0x12};

    private static final int DESCRIPTION = 0x0A;

    private SavedModel() {}

    /** Whether a path is the folder of a SavedModel. */
    static boolean isFolder(Path path) {
        return Files.isRegularFile(path.resolve(GRAPH)) || Files.isRegularFile(path.resolve(GRAPH_AS_TEXT));
    }

    /** Whether a file is the graph of a SavedModel, by its name or its first bytes. */
    static boolean isGraph(Path file, byte[] head) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return name.equals(GRAPH) || name.equals(GRAPH_AS_TEXT) || beginsLikeGraph(head);
    }

    private static boolean beginsLikeGraph(byte[] head) {
        int place = BEGINNING.length;
        if (head.length <= place) {
            return false;
        }
        for (int i = 0; i < place; i++) {
            if (head[i] != BEGINNING[i]) {
                return false;
            }
        }
        while (place < head.length && head[place] < 0) {
            place++;
        }
        return place + 1 < head.length && head[place + 1] == DESCRIPTION;
    }

    /** What is said of one. */
    static String refusal(Path path) {
        return "'" + path + "' is a TensorFlow SavedModel, which is not pruned as it is; convert it to TFLite"
                + " (tf.lite.TFLiteConverter.from_saved_model) or to ONNX (python -m tf2onnx.convert --saved-model FOLDER"
                + " --output model.onnx) and prune the result";
    }
}
