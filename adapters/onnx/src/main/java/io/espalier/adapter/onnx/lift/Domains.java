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

    /** The newest version of {@code ai.onnx.ml} that still has the older operators of trees. */
    private static final long LEARNED = 4;

    /** The version that a model imports of a domain besides the standard one, with operators of these names. */
    public static long version(String domain, Set<String> operators) {
        if (!domain.equals("ai.onnx.ml")) {
            return 1;
        }
        return operators.contains("TreeEnsemble") ? LEARNED + 1 : LEARNED;
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
