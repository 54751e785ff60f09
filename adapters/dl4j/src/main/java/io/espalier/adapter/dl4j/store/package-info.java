/** The zip archive of a saved network and the arrays in it. */
package io.espalier.adapter.dl4j.store;
