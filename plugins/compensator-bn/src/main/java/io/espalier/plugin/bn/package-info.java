/** Re-estimating the statistics of batch normalisation. */
package io.espalier.plugin.bn;
