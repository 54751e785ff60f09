/**
 * The front door for programs. {@link io.espalier.api.Espalier} is the way in: it is opened with the plug-ins of the class
 * path, of folders, and with extensions that a program makes itself, and is asked to prune, to plan, to verify and to
 * inspect. A request is immutable and says everything in the words of the command line; its last method does the work and
 * returns an immutable result, or throws one of four exceptions.
 *
 * <pre>{@code
 * try (Espalier espalier = Espalier.open()) {
 *     PruneResult result = espalier.prune(Path.of("model.onnx")).target("macs=50%").to(Path.of("pruned.onnx"));
 *     System.out.println(result.pruned().cost().macs() + " MACs are left");
 * }
 * }</pre>
 *
 * <p>The main types: {@link io.espalier.api.PruneRequest} and {@link io.espalier.api.PruneResult}; {@link
 * io.espalier.api.Plan}, the decision, which can be read, kept and replayed; {@link io.espalier.api.Proof}; {@link
 * io.espalier.api.Inspection}; {@link io.espalier.api.Cancellation}; {@link io.espalier.api.EspalierException}. {@code
 * docs/use-from-java.md} shows programs.
 */
package io.espalier.api;
