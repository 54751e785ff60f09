/** What criteria are told of the calibration data: statistics and maps of activations, second moments of the inputs of weights. */
package io.espalier.engine.evidence;
