/** Between native graphs and the neutral graph, and the way back. */
package io.espalier.adapter.onnx.lift;
