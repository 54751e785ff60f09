/** From scores and a target to the set of coupled channels that go. */
package io.espalier.engine.allocate;
