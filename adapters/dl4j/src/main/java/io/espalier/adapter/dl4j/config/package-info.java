/** The configuration of a saved network: checked, parsed, and seen as a list of steps. */
package io.espalier.adapter.dl4j.config;
