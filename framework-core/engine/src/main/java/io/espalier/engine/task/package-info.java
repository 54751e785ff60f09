/** Work that is done by a runner, or by other threads. */
package io.espalier.engine.task;
