package io.espalier.engine.coupling;

import io.espalier.spi.criterion.ParameterRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects coupled channels with the same homes. */
final class Groups {

    private Groups() {}

    static List<Group> of(Coupling coupling, List<CoupledChannel> channels) {
        List<Set<Integer>> homesOf = homesOfClasses(coupling);
        Map<Set<Integer>, List<CoupledChannel>> byHomes = new LinkedHashMap<>();
        for (CoupledChannel channel : channels) {
            Set<Integer> homes = new TreeSet<>();
            for (int each : channel.classes()) {
                homes.addAll(homesOf.get(each));
            }
            byHomes.computeIfAbsent(homes, key -> new ArrayList<>()).add(channel);
        }
        List<Group> groups = new ArrayList<>();
        byHomes.forEach((numbers, members) -> {
            List<Home> homes = numbers.stream().map(coupling.homes()::get).toList();
            groups.add(new Group(groups.size(), name(homes), signature(homes, members.size()), homes, members));
        });
        return groups;
    }

    private static List<Set<Integer>> homesOfClasses(Coupling coupling) {
        List<Set<Integer>> homesOf = new ArrayList<>();
        for (int i = 0; i < coupling.classCount(); i++) {
            homesOf.add(new LinkedHashSet<>(2));
        }
        for (int number = 0; number < coupling.homes().size(); number++) {
            for (int each : coupling.classesAt(coupling.homes().get(number))) {
                if (each >= 0) {
                    homesOf.get(each).add(number);
                }
            }
        }
        return homesOf;
    }

    /** The first weight that computes the channels, else whatever they are cut from first. */
    private static String name(List<Home> homes) {
        return homes.stream()
                .filter(home -> home.role() == ParameterRole.PRODUCER)
                .findFirst()
                .or(() -> homes.stream().findFirst())
                .map(home -> home.use().constant())
                .orElse("");
    }

    /** Roles and widths without names: what makes two groups comparable. */
    private static String signature(List<Home> homes, int channels) {
        StringBuilder signature = new StringBuilder().append(channels);
        homes.forEach(home -> signature.append(' ').append(home.role()).append(home.extents()));
        return signature.toString();
    }
}
