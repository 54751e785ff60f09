/** The command line: one caller of the engine. {@link io.espalier.cli.Main} is the entry point. */
package io.espalier.cli;
