package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.support.LiftedModel;

/**
 * A lifted native model.
 *
 * @param model the neutral graph with its bindings
 * @param proto the native model that bindings refer to: the file's own, with local functions inlined
 */
public record LiftedProto(LiftedModel<ConstantBinding, NodeBinding> model, ModelProto proto) {}
