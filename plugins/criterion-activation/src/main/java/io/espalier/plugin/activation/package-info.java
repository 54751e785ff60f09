/** Importance by what channels compute on calibration data. */
package io.espalier.plugin.activation;
