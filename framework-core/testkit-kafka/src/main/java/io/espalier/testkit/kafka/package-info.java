/** A real Kafka broker for tests: inside the test's own JVM, or in a process that can be killed. */
package io.espalier.testkit.kafka;
