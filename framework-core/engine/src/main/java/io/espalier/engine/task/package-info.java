/** Work that is done by other threads. */
package io.espalier.engine.task;
