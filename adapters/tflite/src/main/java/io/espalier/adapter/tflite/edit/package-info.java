/**
 * Changes to a native model, and the bindings that lead to it.
 *
 * <p>{@link io.espalier.adapter.tflite.edit.NativeEdit} is the way in: it changes tensors, operands and options of the main
 * graph. A {@link io.espalier.adapter.tflite.edit.NodeBinding} says where the operands of a neutral node lie and, as a
 * {@link io.espalier.adapter.tflite.edit.Refit}, what of the native operator follows when the node was edited.
 */
package io.espalier.adapter.tflite.edit;
