/**
 * From the native model to the neutral graph and back.
 *
 * <p>{@link io.espalier.adapter.onnx.lift.GraphLifter} is the way in: local functions are inlined, fixed control flow is written
 * out, and {@code BodyLifter} brings each graph to opset {@link io.espalier.spi.graph.Graph#OPSET} node by node.
 * {@code OpsetForms} says what changed in the standard operators since opset 7, {@code QuantisedLifts} and
 * {@code ContribLifts} what operators on integers and of onnxruntime stand for; a rule works on a {@code NodeDraft}. The result,
 * {@link io.espalier.adapter.onnx.lift.LiftedProto}, binds constants and nodes to their places in the file.
 * {@link io.espalier.adapter.onnx.lift.NodeLowering} takes a neutral node the other way, to the form that it has at the opset of
 * a file; {@code OperatorSchemas} knows since when operators, their slots and their attributes exist.
 * {@link io.espalier.adapter.onnx.lift.GraphEncoder} writes a neutral graph as a model of its own.
 */
package io.espalier.adapter.onnx.lift;
