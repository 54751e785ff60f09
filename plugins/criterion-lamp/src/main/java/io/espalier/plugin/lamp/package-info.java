/** Layer-adaptive magnitude-based importance. */
package io.espalier.plugin.lamp;
