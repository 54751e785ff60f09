/** From scores of parameter slices to scores of coupled channels. */
package io.espalier.engine.score;
