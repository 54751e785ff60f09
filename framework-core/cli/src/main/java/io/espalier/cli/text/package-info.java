/** Text for people: tables, figures, colours, and names that came from files. */
package io.espalier.cli.text;
