package io.espalier.adapter.tflite.edit;

/**
 * Where a neutral constant lives.
 *
 * @param tensor index of the native tensor in the main graph
 * @param part what of it
 */
public record ConstantBinding(int tensor, Part part) {}
