package io.espalier.adapter.onnx.lift;

import java.util.Set;

/** Names of operator sets. */
public final class Domains {

    private static final Set<String> OF_THE_RUNTIME = Set.of("ai.onnx.ml", "com.microsoft");

    private Domains() {}

    /** Whether the runtime has the operators of a domain besides the standard one. */
    public static boolean isOfTheRuntime(String domain) {
        return OF_THE_RUNTIME.contains(domain);
    }

    /** The version that a model imports of a domain besides the standard one. */
    public static long version(String domain) {
        return domain.equals("ai.onnx.ml") ? 3 : 1;
    }

    /** Whether operators of a domain are those of ONNX, which has two names for it. */
    public static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** The name of a domain in the neutral graph. */
    public static String neutral(String domain) {
        return isStandard(domain) ? "" : domain;
    }
}
