/**
 * The only door to PF4J: it reads descriptors, orders plug-ins and makes their class loaders. No PF4J type leaves this
 * package, and its extension finder is not used.
 */
package io.espalier.host.pf4j;
