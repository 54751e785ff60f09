/** Which groups compete with each other: all, each by itself, or those of equal structure. */
package io.espalier.plugin.allocators;
