/**
 * Finding extensions: {@link io.espalier.host.PluginHost} loads plug-in folders into an immutable
 * {@link io.espalier.host.Catalogue}, {@link io.espalier.host.Doctor} says what is wrong with them.
 */
package io.espalier.host;
