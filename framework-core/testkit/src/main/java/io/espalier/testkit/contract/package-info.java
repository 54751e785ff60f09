/**
 * Contract kits: abstract tests that say what the host expects of an extension. Extend one, return your extension, and
 * run it with JUnit.
 */
package io.espalier.testkit.contract;
