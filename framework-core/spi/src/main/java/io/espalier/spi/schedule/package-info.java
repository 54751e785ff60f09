/** When a network is pruned during training, and how much of the target each cut has to reach. */
package io.espalier.spi.schedule;
