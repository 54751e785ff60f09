/** Importance by distance to the geometric median. */
package io.espalier.plugin.fpgm;
