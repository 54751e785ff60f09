/** How long a network takes in its own runtime, by the widths of its groups. */
package io.espalier.engine.latency;
