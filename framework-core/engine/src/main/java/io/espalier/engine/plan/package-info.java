/** The decision of a run as a file: written, read back, checked and turned into a removal again. */
package io.espalier.engine.plan;
