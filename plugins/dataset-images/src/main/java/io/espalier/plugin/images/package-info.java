/** Data sets in folders of images. */
package io.espalier.plugin.images;
