/**
 * Meters and observations made of the events of runs: {@link io.espalier.metrics.PruningMeters} is an event sink, and it
 * is the same for a run in this process, a journal and a fleet of runs on Kafka.
 */
package io.espalier.metrics;
