/** Running networks in DL4J: the only place, besides training, that loads it. */
package io.espalier.adapter.dl4j.run;
