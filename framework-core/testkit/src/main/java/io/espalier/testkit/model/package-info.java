/** Seeded neutral graphs to test with: published networks, minimal hard cases and random graphs of known coupling. */
package io.espalier.testkit.model;
