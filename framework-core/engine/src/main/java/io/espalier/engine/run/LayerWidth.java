package io.espalier.engine.run;

import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.layer.LayerAxis;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.Atoms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How wide a layer is before and after a cut.
 *
 * @param layer its name
 * @param kept channels that it computes still
 * @param total channels that it computed
 */
public record LayerWidth(String layer, int kept, int total) {

    /** Where positions are removed. */
    private record Place(String parameter, int field, int axis) {}

    /** The widths that a plan leaves, in the order of the axes. */
    static List<LayerWidth> of(Plan plan, List<LayerAxis> axes) {
        Map<Place, Integer> removed = new HashMap<>();
        plan.groups().stream()
                .flatMap(group -> group.atoms().stream())
                .forEach(each -> removed.put(place(each), each.positions().size()));
        return axes.stream()
                .map(each -> {
                    int total = each.axis().size();
                    return new LayerWidth(each.layer(), total - removed.getOrDefault(place(each.axis()), 0), total);
                })
                .toList();
    }

    private static Place place(Atoms atoms) {
        return new Place(atoms.parameter(), atoms.field(), atoms.axis());
    }

    private static Place place(LabelledAxis axis) {
        return new Place(axis.use().constant(), axis.map(), axis.axis());
    }
}
