/** Examples that are made and not read. */
package io.espalier.engine.data;
