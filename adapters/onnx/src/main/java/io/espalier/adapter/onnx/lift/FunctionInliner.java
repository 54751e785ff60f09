package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.FunctionProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.spi.graph.FreshNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces calls of a model's local functions by their bodies. A function that calls itself, or that was written for
 * another version of an operator set than the model, is left alone: its calls are operators nobody knows.
 */
final class FunctionInliner {

    private final NodeBudget budget;
    private final Map<String, FunctionProto> functions = new LinkedHashMap<>();
    private final Map<String, Long> versions = new LinkedHashMap<>();
    private final FreshNames names = new FreshNames();
    private final Set<String> running = new HashSet<>();
    private final Set<String> left = new HashSet<>();

    private FunctionInliner(ModelProto model, NodeBudget budget) {
        this.budget = budget;
        for (OperatorSetIdProto imported : model.getOpsetImportList()) {
            versions.put(Domains.neutral(imported.getDomain()), imported.getVersion());
        }
        for (FunctionProto function : model.getFunctionsList()) {
            functions.put(key(function.getDomain(), function.getName(), function.getOverload()), function);
        }
        names.reserve(NativeNames.defined(model.getGraph()));
    }

    /** The model without calls that can be replaced; the same object when it has no functions. */
    static ModelProto inline(ModelProto model, NodeBudget budget) {
        if (model.getFunctionsCount() == 0) {
            return model;
        }
        FunctionInliner inliner = new FunctionInliner(model, budget);
        ModelProto.Builder inlined = model.toBuilder().setGraph(inliner.graph(model.getGraph()));
        inlined.clearFunctions().clearOpsetImport();
        inliner.functions.forEach((key, function) -> {
            if (inliner.left.contains(key)) {
                inlined.addFunctions(function);
            }
        });
        inliner.versions.forEach((domain, version) -> inlined.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        return inlined.build();
    }

    private GraphProto graph(GraphProto graph) {
        List<NodeProto> nodes = new ArrayList<>();
        graph.getNodeList().forEach(node -> expand(node, nodes));
        return graph.toBuilder().clearNode().addAllNode(nodes).build();
    }

    private void expand(NodeProto node, List<NodeProto> into) {
        String key = key(node.getDomain(), node.getOpType(), node.getOverload());
        FunctionProto function = functions.get(key);
        if (function == null) {
            into.add(withInlinedBodies(node));
        } else if (fits(function) && running.add(key)) {
            call(function, node, into);
            running.remove(key);
        } else {
            left.add(key);
            into.add(node);
        }
    }

    private NodeProto withInlinedBodies(NodeProto node) {
        if (node.getAttributeList().stream().noneMatch(AttributeProto::hasG)) {
            return node;
        }
        NodeProto.Builder changed = node.toBuilder();
        changed.getAttributeBuilderList().stream()
                .filter(AttributeProto.Builder::hasG)
                .forEach(attribute -> attribute.setG(graph(attribute.getG())));
        return changed.build();
    }

    /** Whether the function's operators mean the same in the model; operator sets new to the model are added to it. */
    private boolean fits(FunctionProto function) {
        for (OperatorSetIdProto imported : function.getOpsetImportList()) {
            Long version = versions.get(Domains.neutral(imported.getDomain()));
            if (version != null && version != imported.getVersion()) {
                return false;
            }
        }
        function.getOpsetImportList()
                .forEach(
                        imported -> versions.putIfAbsent(Domains.neutral(imported.getDomain()), imported.getVersion()));
        return true;
    }

    private void call(FunctionProto function, NodeProto node, List<NodeProto> into) {
        Map<String, String> renamed = new HashMap<>();
        renamed.put("", "");
        for (int i = 0; i < function.getInputCount(); i++) {
            renamed.put(function.getInput(i), i < node.getInputCount() ? node.getInput(i) : "");
        }
        List<NodeProto> passedThrough = new ArrayList<>();
        for (int i = 0; i < function.getOutputCount(); i++) {
            String output = i < node.getOutputCount() ? node.getOutput(i) : "";
            if (output.isEmpty()) {
                continue;
            }
            String already = renamed.putIfAbsent(function.getOutput(i), output);
            if (already != null) {
                passedThrough.add(NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput(already)
                        .addOutput(output)
                        .build());
            }
        }
        Call call = new Call(function, node, renamed);
        function.getNodeList().forEach(inner -> {
            budget.add(function.getName());
            expand(call.bind(inner), into);
        });
        into.addAll(passedThrough);
    }

    private static String key(String domain, String name, String overload) {
        return Domains.neutral(domain) + "\n" + name + "\n" + overload;
    }

    /** One call: names of the function's values become names of the caller's, references to its attributes values. */
    private final class Call {

        private final Map<String, String> renamed;
        private final Map<String, AttributeProto> attributes = new HashMap<>();
        private final String prefix;

        Call(FunctionProto function, NodeProto node, Map<String, String> renamed) {
            this.renamed = renamed;
            this.prefix = node.getOutputList().stream()
                    .filter(name -> !name.isEmpty())
                    .findFirst()
                    .orElse(node.getOpType());
            function.getAttributeProtoList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
            node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
        }

        NodeProto bind(NodeProto node) {
            NodeProto.Builder bound =
                    node.toBuilder().clearInput().clearOutput().clearAttribute();
            node.getInputList().forEach(name -> bound.addInput(rename(name)));
            node.getOutputList().forEach(name -> bound.addOutput(rename(name)));
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.getRefAttrName().isEmpty()) {
                    bound.addAttribute(
                            attribute.hasG()
                                    ? attribute.toBuilder()
                                            .setG(bind(attribute.getG()))
                                            .build()
                                    : attribute);
                } else if (attributes.containsKey(attribute.getRefAttrName())) {
                    bound.addAttribute(attributes.get(attribute.getRefAttrName()).toBuilder()
                            .setName(attribute.getName()));
                }
            }
            return bound.build();
        }

        private GraphProto bind(GraphProto body) {
            GraphProto.Builder bound = body.toBuilder().clearNode();
            bound.getInputBuilderList().forEach(value -> value.setName(rename(value.getName())));
            bound.getOutputBuilderList().forEach(value -> value.setName(rename(value.getName())));
            bound.getValueInfoBuilderList().forEach(value -> value.setName(rename(value.getName())));
            bound.getInitializerBuilderList().forEach(tensor -> tensor.setName(rename(tensor.getName())));
            body.getNodeList().forEach(node -> bound.addNode(bind(node)));
            return bound.build();
        }

        private String rename(String name) {
            return renamed.computeIfAbsent(name, own -> names.fresh(prefix + "/" + own));
        }
    }
}
