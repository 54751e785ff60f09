/** The command line: flags become requests to {@link io.espalier.api.Espalier}, results become text or JSON. {@link io.espalier.cli.Main} is the entry point. */
package io.espalier.cli;
