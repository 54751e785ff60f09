/**
 * From the native main graph to the neutral graph.
 *
 * <p>{@link io.espalier.adapter.tflite.lift.GraphLifter} is the way in. {@code OperatorTable} finds the rule of an operator; the
 * rules are grouped by family ({@code ConvolutionLifts}, {@code SliceLifts}, ...) and work on a {@code Draft}, which gives them the
 * operands and collects the neutral nodes. {@code Values} names tensors and makes constants of them. What has no rule stays an
 * operator of the domain {@code tflite}, with the reason.
 */
package io.espalier.adapter.tflite.lift;
