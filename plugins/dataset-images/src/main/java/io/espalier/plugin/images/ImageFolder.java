package io.espalier.plugin.images;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images of a folder.
 *
 * @param files the images that can be read
 * @param classes the class of each, none when there are no classes
 * @param classNames the folders of the classes
 * @param common the size all of them have, when they have one
 */
record ImageFolder(
        Path folder,
        List<Path> files,
        List<Long> classes,
        List<String> classNames,
        Optional<ImageForm.Size> common,
        List<String> notes,
        Options options,
        Optional<Graph> model)
        implements Dataset {

    @Override
    public long size() {
        return files.size();
    }

    @Override
    public Dataset forModel(Graph graph) {
        return new ImageFolder(folder, files, classes, classNames, common, notes, options, Optional.of(graph));
    }

    @Override
    public Map<String, Tensor> arrays() {
        ImageForm form = ImageForm.of(options, model);
        ImageForm.Size size = form.size()
                .or(() -> form.resize().isPresent() ? Optional.empty() : common)
                .orElseThrow(() -> new InvalidInputException("The images in '" + folder
                        + "' differ in size, and the model takes any; say resize=HEIGHTxWIDTH or crop=SIDE"
                        + " (--data-option)."));
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("image", new ImageTensor(files, form, size));
        if (!classes.isEmpty()) {
            arrays.put(
                    "label",
                    Tensors.vector(classes.stream().mapToLong(Long::longValue).toArray()));
        }
        return arrays;
    }
}
