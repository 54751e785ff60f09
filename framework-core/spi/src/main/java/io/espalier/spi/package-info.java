/**
 * What every plug-in compiles against: the neutral graph, tensors and the extension points. JDK types only.
 *
 * <p>A plug-in implements one {@link io.espalier.spi.provider.Provider} sub-interface, names the class in a
 * {@code META-INF/services} file and is found when its jar lies in the {@code plugins} folder.
 */
package io.espalier.spi;
