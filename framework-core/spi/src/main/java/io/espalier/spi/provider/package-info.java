/**
 * What every extension has in common.
 *
 * <p>An extension point is an interface that extends {@link io.espalier.spi.provider.Provider} and carries a
 * {@link io.espalier.spi.provider.Noun}; an extension is a class that implements it and stands in the services file of
 * that interface. It describes its options ({@link io.espalier.spi.option.OptionSpec}); whatever is typed for them is
 * checked in one place, {@link io.espalier.spi.option.Options#resolve}, before the extension sees it. What an extension
 * throws, other than the exceptions its method declares, and what it returns against the contract of the method, is
 * reported as a defect of its plug-in.
 */
package io.espalier.spi.provider;
