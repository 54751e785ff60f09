/** Helpers for tests of Espalier and of its plug-ins. */
package io.espalier.testkit;
