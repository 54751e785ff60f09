package io.espalier.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads options from YAML: scalars as they are typed, lists as repeated options, mappings as {@code name=value}. */
final class ConfigFile {

    private final Path file;

    private ConfigFile(Path file) {
        this.file = file;
    }

    /** The entries of a file, in order. */
    static List<ArgumentEntry> read(Path file) {
        return new ConfigFile(file).entries();
    }

    private List<ArgumentEntry> entries() {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            Node root = new Yaml(new LoaderOptions()).compose(reader);
            return root == null
                    ? List.of()
                    : entries(mapping(root, "options are keys with values, like 'target: macs=50%'"));
        } catch (MarkedYAMLException e) {
            throw Failure.usage(file + ", line " + (e.getProblemMark().getLine() + 1) + ": no YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw Failure.usage(file + " is no YAML: " + e.getMessage());
        } catch (IOException e) {
            throw Failure.usage("--config: " + file + " cannot be read; name a YAML file of options");
        }
    }

    private List<ArgumentEntry> entries(MappingNode root) {
        List<ArgumentEntry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (NodeTuple field : root.getValue()) {
            String key = scalar(field.getKeyNode());
            String place = place(field.getKeyNode());
            if (!keys.add(key)) {
                throw Failure.usage(place + ": the key '" + key + "' comes twice");
            }
            entries.add(new ArgumentEntry(place, key, values(field.getValueNode())));
        }
        return entries;
    }

    private List<String> values(Node node) {
        List<String> values = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(each -> values.add(scalar(each)));
        } else if (node instanceof MappingNode pairs) {
            pairs.getValue().forEach(pair -> values.add(scalar(pair.getKeyNode()) + "=" + scalar(pair.getValueNode())));
        } else {
            values.add(scalar(node));
        }
        return values;
    }

    private String scalar(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw Failure.usage(place(node) + ": expected one value, found several");
    }

    private MappingNode mapping(Node node, String expected) {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw Failure.usage(place(node) + ": " + expected);
    }

    private String place(Node node) {
        return file + ", line " + (node.getStartMark().getLine() + 1);
    }
}
