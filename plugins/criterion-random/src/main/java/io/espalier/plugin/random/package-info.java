/** Random importance, the control every comparison needs. */
package io.espalier.plugin.random;
