/** Opening, editing, running and pruning networks of Deeplearning4j. */
package io.espalier.adapter.dl4j;
