/** Importance by the error that the layers which read a channel suffer without it, on calibration data. */
package io.espalier.plugin.reconstruction;
