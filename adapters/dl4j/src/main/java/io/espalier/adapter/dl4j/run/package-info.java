/** DL4J itself: {@link io.espalier.adapter.dl4j.run.NetworkRunner} loads a network into the library and runs tensors. */
package io.espalier.adapter.dl4j.run;
