package io.espalier.graph.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code Reshape}, with an extent the target leaves open solved by division. */
final class ReshapeRule {

    private ReshapeRule() {}

    static void infer(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<Content> target = scope.content(1);
        if (target.isEmpty()) {
            unknownTarget(scope);
            return;
        }
        List<Optional<Dim>> wanted = wanted(scope, input, target.get());
        List<Integer> open = new ArrayList<>();
        Dim known = Dim.ONE;
        for (int axis = 0; axis < wanted.size(); axis++) {
            if (wanted.get(axis).isEmpty()) {
                open.add(axis);
            } else {
                known = known.times(wanted.get(axis).get());
            }
        }
        Dim total = ReshapingRules.product(input);
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < wanted.size(); axis++) {
            int position = axis;
            output.add(wanted.get(axis).orElseGet(() -> scope.fresh(0, position)));
        }
        if (open.isEmpty() && known.isConstant() && total.isConstant() && !known.equals(total)) {
            throw scope.conflict("the " + total + " elements of " + input + " do not fit " + output);
        }
        if (open.size() == 1 && !known.is(0)) {
            output.set(open.get(0), solved(scope, total, known));
        }
        ReshapingRules.put(scope, output);
    }

    private static void unknownTarget(NodeScope scope) {
        List<Dim> target = scope.shape(1, 1);
        if (target.get(0).isConstant()) {
            scope.put(0, scope.freshShape(0, (int) target.get(0).constant()));
        }
    }

    /** The extents the target asks for; empty where it says -1 or is not known. */
    private static List<Optional<Dim>> wanted(NodeScope scope, List<Dim> input, Content target) {
        boolean zeroIsZero = scope.node().intAttribute("allowzero", 0) == 1;
        List<Optional<Dim>> wanted = new ArrayList<>();
        for (Optional<Fraction> element : target.elements()) {
            int axis = wanted.size();
            Optional<Dim> extent = element.filter(Fraction::isInteger).map(Fraction::numerator);
            if (extent.isPresent() && extent.get().is(0) && !zeroIsZero) {
                if (axis >= input.size()) {
                    throw scope.conflict("the target copies axis " + axis + " of an input of rank " + input.size());
                }
                extent = Optional.of(input.get(axis));
            }
            wanted.add(extent.filter(found -> !found.is(-1)));
        }
        return wanted;
    }

    private static Dim solved(NodeScope scope, Dim total, Dim known) {
        if (total.isConstant() && known.isConstant() && total.constant() % known.constant() != 0) {
            throw scope.conflict(total + " elements cannot be divided by " + known);
        }
        return total.floorDiv(known);
    }
}
