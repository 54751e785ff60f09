/**
 * The line between the engine and its plug-ins.
 *
 * <p>Every call of an extension goes through the guard of its extension point, such as
 * {@link io.espalier.engine.guard.CriterionGuard}. A guard hands on what the contract of the extension point allows; whatever
 * else the extension throws or returns becomes a {@link io.espalier.engine.guard.PluginException} that names the plug-in, what
 * it did and what the contract asks.
 */
package io.espalier.engine.guard;
