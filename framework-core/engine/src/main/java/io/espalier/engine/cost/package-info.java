/** What a removal leaves of a model's costs, counted without cutting the model. */
package io.espalier.engine.cost;
