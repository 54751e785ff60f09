package io.espalier.testkit.model;

/**
 * What a convolution or pooling looks at: the same on every spatial axis.
 *
 * @param kernel extent of the kernel
 * @param stride step between outputs
 * @param pad zeros before and after
 * @param groups convolution groups
 * @param bias whether a convolution adds a bias
 */
public record Window(long kernel, long stride, long pad, long groups, boolean bias) {

    /** A window whose output is as large as its input at stride 1; odd kernels only. */
    public static Window same(long kernel) {
        return new Window(kernel, 1, kernel / 2, 1, true);
    }

    /** A window without padding. */
    public static Window valid(long kernel) {
        return new Window(kernel, 1, 0, 1, true);
    }

    /** This window with another stride. */
    public Window stride(long changed) {
        return new Window(kernel, changed, pad, groups, bias);
    }

    /** This window with another number of groups. */
    public Window groups(long changed) {
        return new Window(kernel, stride, pad, changed, bias);
    }

    /** This window without bias. */
    public Window withoutBias() {
        return new Window(kernel, stride, pad, groups, false);
    }

    /** Number of outputs along an axis. */
    long outputs(long extent) {
        return (extent + 2 * pad - kernel) / stride + 1;
    }
}
