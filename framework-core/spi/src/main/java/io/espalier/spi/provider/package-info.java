/** What every extension has in common. */
package io.espalier.spi.provider;
