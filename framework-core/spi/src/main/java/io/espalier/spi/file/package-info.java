/**
 * What the engine and the adapters share about files: a {@link io.espalier.spi.file.TemporaryFolder} that outlives no
 * process for long, {@link io.espalier.spi.file.FileTree} to delete folders, {@link io.espalier.spi.file.Sha256} digests.
 */
package io.espalier.spi.file;
