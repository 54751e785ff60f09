package io.espalier.testkit.model;

import java.util.ArrayList;
import java.util.List;

/** One minimal graph for every situation that coupling analysis is known to get wrong. */
public final class HardCases {

    private HardCases() {}

    /** All cases, in a fixed order. */
    public static List<HardCase> all() {
        List<HardCase> cases = new ArrayList<>();
        cases.addAll(TokenCases.all());
        cases.addAll(AttentionCases.all());
        cases.addAll(ReshapeCases.all());
        cases.addAll(IndexCases.all());
        cases.addAll(ConvolutionCases.all());
        cases.addAll(SharingCases.all());
        cases.addAll(RunTimeCases.all());
        return List.copyOf(cases);
    }
}
