/** Texts for token models. */
package io.espalier.plugin.text;
