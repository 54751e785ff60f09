/** What adapters share. */
package io.espalier.adapter.support;
