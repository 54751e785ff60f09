package io.espalier.engine.reprove;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Ways to change a model file so that something else is computed, or looks as if it were. */
enum Tampering {
    /** One element of one weight. */
    WEIGHT {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            return weight(model, random, bytes -> {
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
            });
        }
    },
    /** All weights are zero, and the metadata claims a repair. */
    ZEROED {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            model.addMetadataProps(StringStringEntryProto.newBuilder()
                    .setKey("espalier.repair")
                    .setValue("bn"));
            boolean changed = false;
            for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
                byte[] zeros = new byte[tensor.getRawData().size()];
                changed |= isFloat(tensor) && !tensor.getRawData().equals(ByteString.copyFrom(zeros));
                if (isFloat(tensor)) {
                    tensor.setRawData(ByteString.copyFrom(zeros));
                }
            }
            return changed;
        }
    },
    /** Two rows of a weight change places. */
    ROWS {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            return weight(model, random, bytes -> {
                int half = bytes.length / 2;
                byte[] first = Arrays.copyOf(bytes, half);
                System.arraycopy(bytes, bytes.length - half, bytes, 0, half);
                System.arraycopy(first, 0, bytes, bytes.length - half, half);
            });
        }
    },
    /** An attribute has another value. */
    ATTRIBUTE {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            List<AttributeProto.Builder> attributes = new ArrayList<>();
            for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
                node.getAttributeBuilderList().stream()
                        .filter(each -> each.getType() == AttributeProto.AttributeType.INT
                                || each.getType() == AttributeProto.AttributeType.FLOAT)
                        .forEach(attributes::add);
            }
            return chosen(attributes, random)
                    .map(attribute -> attribute.setI(attribute.getI() + 1).setF(attribute.getF() * 2 + 1))
                    .isPresent();
        }
    },
    /** An operator is another one of the same form. */
    OPERATOR {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            List<List<String>> alike = List.of(
                    List.of("Relu", "Sigmoid", "Tanh", "Floor", "Round", "Erf", "Identity", "Exp", "Sqrt", "Abs"),
                    List.of("Add", "Sub", "Mul", "Div"),
                    List.of("Greater", "Less"),
                    List.of("GlobalAveragePool", "GlobalMaxPool"),
                    List.of("ReduceMean", "ReduceMax"),
                    List.of("Softmax", "LogSoftmax"));
            List<NodeProto.Builder> nodes = model.getGraphBuilder().getNodeBuilderList().stream()
                    .filter(node -> alike.stream().anyMatch(kind -> kind.contains(node.getOpType())))
                    .toList();
            return chosen(nodes, random)
                    .map(node -> {
                        List<String> others = new ArrayList<>(alike.stream()
                                .filter(kind -> kind.contains(node.getOpType()))
                                .findFirst()
                                .orElseThrow());
                        others.remove(node.getOpType());
                        return node.setOpType(others.get(random.nextInt(others.size())));
                    })
                    .isPresent();
        }
    },
    /** A value passes one node more, or a node that nothing reads is there. */
    NODE {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            GraphProto.Builder graph = model.getGraphBuilder();
            NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
            String value = node.getOutput(0);
            boolean isRead = random.nextBoolean();
            if (isRead) {
                node.setOutput(0, value + "/before");
            }
            int at = graph.getNodeBuilderList().indexOf(node) + 1;
            graph.addNode(
                    at,
                    NodeProto.newBuilder()
                            .setOpType("Identity")
                            .addInput(isRead ? value + "/before" : value)
                            .addOutput(isRead ? value : value + "/unread"));
            return true;
        }
    },
    /** The inputs of a node change places. */
    OPERANDS {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            List<NodeProto.Builder> nodes = model.getGraphBuilder().getNodeBuilderList().stream()
                    .filter(node ->
                            node.getInputCount() > 1 && !node.getInput(0).equals(node.getInput(1)))
                    .toList();
            return chosen(nodes, random)
                    .map(node -> {
                        String first = node.getInput(0);
                        return node.setInput(0, node.getInput(1)).setInput(1, first);
                    })
                    .isPresent();
        }
    },
    /** Outputs change places, one is added, or one is renamed. */
    INTERFACE {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            GraphProto.Builder graph = model.getGraphBuilder();
            if (graph.getOutputCount() > 1 && random.nextBoolean()) {
                List<ValueInfoProto> outputs = new ArrayList<>(graph.getOutputList());
                Collections.rotate(outputs, 1);
                graph.clearOutput().addAllOutput(outputs);
                return true;
            }
            String source = graph.getOutput(0).getName();
            String name = source + "/copy";
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Identity")
                    .addInput(source)
                    .addOutput(name));
            ValueInfoProto copy = graph.getOutput(0).toBuilder().setName(name).build();
            if (random.nextBoolean()) {
                graph.addOutput(copy);
            } else {
                graph.setOutput(0, copy);
            }
            return true;
        }
    },
    /** An output is cast to another type. */
    TYPE {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            GraphProto.Builder graph = model.getGraphBuilder();
            String name = graph.getOutput(0).getName();
            int type = graph.getOutput(0).getType().getTensorType().getElemType();
            int other = type == TensorProto.DataType.DOUBLE.getNumber()
                    ? TensorProto.DataType.FLOAT.getNumber()
                    : TensorProto.DataType.DOUBLE.getNumber();
            for (NodeProto.Builder node : graph.getNodeBuilderList()) {
                IntStream.range(0, node.getOutputCount())
                        .filter(each -> node.getOutput(each).equals(name))
                        .forEach(each -> node.setOutput(each, name + "/before"));
                IntStream.range(0, node.getInputCount())
                        .filter(each -> node.getInput(each).equals(name))
                        .forEach(each -> node.setInput(each, name + "/before"));
            }
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Cast")
                    .addInput(name + "/before")
                    .addOutput(name)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("to")
                            .setType(AttributeProto.AttributeType.INT)
                            .setI(other)));
            TypeProto.Builder declared = graph.getOutputBuilder(0).getTypeBuilder();
            declared.getTensorTypeBuilder().setElemType(other);
            return true;
        }
    },
    /** A constant that nothing reads is there. */
    UNREAD {
        @Override
        boolean apply(ModelProto.Builder model, Random random) {
            model.getGraphBuilder()
                    .addInitializer(TensorProto.newBuilder()
                            .setName("unread")
                            .setDataType(TensorProto.DataType.FLOAT.getNumber())
                            .addFloatData(random.nextFloat()));
            return true;
        }
    };

    /** Changes the model; false when it has nothing of the kind. */
    abstract boolean apply(ModelProto.Builder model, Random random);

    /** Changes the bytes of a weight. */
    private interface Change {

        void on(byte[] bytes);
    }

    private static boolean weight(ModelProto.Builder model, Random random, Change change) {
        List<TensorProto.Builder> weights = model.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(Tampering::isFloat)
                .toList();
        return chosen(weights, random)
                .map(tensor -> {
                    byte[] bytes = tensor.getRawData().toByteArray();
                    change.on(bytes);
                    ByteString changed = ByteString.copyFrom(bytes);
                    boolean differs = !changed.equals(tensor.getRawData());
                    tensor.setRawData(changed);
                    return differs;
                })
                .orElse(false);
    }

    private static boolean isFloat(TensorProto.Builder tensor) {
        return tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber()
                && tensor.getRawData().size() > 0;
    }

    private static <T> Optional<T> chosen(List<T> all, Random random) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }
}
