package io.espalier.engine.coupling;

import io.espalier.spi.criterion.ParameterRole;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects coupled channels with the same homes. */
final class Groups {

    private Groups() {}

    static List<Group> of(Coupling coupling, List<CoupledChannel> channels) {
        int[][] homesOf = homesOfClasses(coupling);
        Map<IntBuffer, List<CoupledChannel>> byHomes = new LinkedHashMap<>();
        for (CoupledChannel channel : channels) {
            byHomes.computeIfAbsent(IntBuffer.wrap(homes(channel, homesOf)), key -> new ArrayList<>())
                    .add(channel);
        }
        List<Group> groups = new ArrayList<>();
        byHomes.forEach((numbers, members) -> {
            List<Home> homes = Arrays.stream(numbers.array())
                    .mapToObj(coupling.homes()::get)
                    .toList();
            groups.add(new Group(groups.size(), name(homes), signature(homes, members.size()), homes, members));
        });
        return groups;
    }

    /** Numbers of the homes of a channel, in ascending order. */
    private static int[] homes(CoupledChannel channel, int[]... homesOf) {
        int[] classes = channel.classes();
        return classes.length == 1
                ? homesOf[classes[0]]
                : Arrays.stream(classes)
                        .flatMap(each -> Arrays.stream(homesOf[each]))
                        .sorted()
                        .distinct()
                        .toArray();
    }

    /** For each class the numbers of its homes, in ascending order. */
    private static int[][] homesOfClasses(Coupling coupling) {
        int[][] homesOf = new int[coupling.classCount()][];
        int[] counts = new int[homesOf.length];
        Arrays.fill(homesOf, new int[0]);
        for (int number = 0; number < coupling.homes().size(); number++) {
            for (int each : coupling.classesAt(coupling.homes().get(number))) {
                if (each >= 0 && (counts[each] == 0 || homesOf[each][counts[each] - 1] != number)) {
                    if (counts[each] == homesOf[each].length) {
                        homesOf[each] = Arrays.copyOf(homesOf[each], 2 * counts[each] + 2);
                    }
                    homesOf[each][counts[each]++] = number;
                }
            }
        }
        for (int each = 0; each < homesOf.length; each++) {
            homesOf[each] = Arrays.copyOf(homesOf[each], counts[each]);
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
