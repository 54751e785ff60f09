/** Pruning networks while DL4J trains them. */
package io.espalier.adapter.dl4j.train;
