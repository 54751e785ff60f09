/**
 * What an operator is. The way in is {@link io.espalier.graph.operator.Operators}, the registry: by domain and name it
 * gives the {@link io.espalier.graph.operator.OperatorDefinition}, which holds index notation, shape rule,
 * multiply-accumulates, the roles of the inputs, traits and movement of an operator. Definitions stand in one file a
 * family ({@code Convolutions}, {@code Attention}, ...), and nothing outside of it names the operator; what builds graphs asks
 * a family for a node. {@link io.espalier.graph.operator.IndexNotation} is the notation of one application, parsed;
 * {@link io.espalier.graph.operator.NodeView} is the application with what is known of its values. Operators that plug-ins
 * teach become definitions like the others.
 */
package io.espalier.graph.operator;
