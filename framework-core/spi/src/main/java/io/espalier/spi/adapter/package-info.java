/** Opening, editing and running native models. */
package io.espalier.spi.adapter;
