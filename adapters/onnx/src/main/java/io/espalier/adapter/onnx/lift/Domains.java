package io.espalier.adapter.onnx.lift;

/** Names of operator sets. */
final class Domains {

    private Domains() {}

    /** Whether operators of a domain are those of ONNX, which has two names for it. */
    static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** The name of a domain in the neutral graph. */
    static String neutral(String domain) {
        return isStandard(domain) ? "" : domain;
    }
}
