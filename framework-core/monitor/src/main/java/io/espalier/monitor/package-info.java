/**
 * A page that shows runs while they happen, made of their events: {@link io.espalier.monitor.Monitor} is an event sink
 * with a web server, {@link io.espalier.monitor.JournalWatch} feeds it from journals. Everything a model or a stranger
 * named reaches the page as JSON text and is never markup.
 */
package io.espalier.monitor;
