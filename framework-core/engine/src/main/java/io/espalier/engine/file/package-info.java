/** What files have in common, whatever they hold. */
package io.espalier.engine.file;
