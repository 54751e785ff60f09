/** Events of a run as people and programs read them: a line of words, a line of JSON. */
package io.espalier.cli.event;
