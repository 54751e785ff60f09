package io.espalier.plugin.text;

import java.util.List;

/**
 * A line, or a record of several lines in quotes.
 *
 * @param line where it begins, from 1
 * @param cells its columns; one when lines are texts
 */
record TextRow(long line, List<String> cells) {}
