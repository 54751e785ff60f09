/** From a configuration to the neutral graph, and where each constant of it lies in the file. */
package io.espalier.adapter.dl4j.lift;
