/** The coupled channels of a network as regularizers see them. */
package io.espalier.engine.regularize;
