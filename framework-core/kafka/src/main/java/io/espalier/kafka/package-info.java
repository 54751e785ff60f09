/**
 * Events of a run on Kafka: {@link io.espalier.kafka.JournalForwarder} copies a journal to a topic,
 * {@link io.espalier.kafka.PruningEventSubscriber} reads topic or journal, {@link io.espalier.kafka.EventsTopic} makes
 * the topic. The only package that knows Kafka's classes.
 *
 * <p>On the wire: one record an event, key = run id, value = the bytes of a {@code pruning.events.v1.PruningEvent},
 * headers = CloudEvents in binary mode.
 */
package io.espalier.kafka;
