import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes the bill of materials of what was resolved say what an archive holds, and compares a bill with its archive. A component is a file of
 * the archive, named by its place and digests, or the folder of a plug-in; one that the archive lacks is left out. A jar that was packed
 * again has its own digests, and the published one is its ancestor.
 *
 * <pre>
 * java -cp 'HOME/lib/*' BillOfMaterials.java describe RESOLVED HOME BILL [FOLDER-LEFT-OUT...]
 * java -cp 'HOME/lib/*' BillOfMaterials.java describe-with-java RESOLVED HOME BILL RUNTIME
 * java -cp 'HOME/lib/*' BillOfMaterials.java compare ARCHIVE...
 * </pre>
 */
class BillOfMaterials {

    private static final String NAME = "bill-of-materials.cdx.json";
    private static final String STRIPPED = "-stripped.jar";
    private static final String OURS = "io.espalier";
    private static final String REPOSITORY = "repository/";
    private static final String RUNTIME = "runtime/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Opens a file of a folder or of an archive. */
    private interface Opening {
        InputStream open(String place) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> rest = List.of(arguments).subList(1, arguments.length);
        if (arguments[0].startsWith("describe")) {
            boolean isWithJava = arguments[0].equals("describe-with-java");
            List<String> last = rest.subList(3, rest.size());
            Path bill = Path.of(rest.get(2));
            Files.createDirectories(bill.getParent());
            Files.writeString(
                    bill,
                    described(
                                    Path.of(rest.get(0)),
                                    Path.of(rest.get(1)),
                                    isWithJava ? List.of() : last,
                                    isWithJava ? Optional.of(Path.of(last.get(0))) : Optional.empty())
                            + "\n");
        } else {
            for (String archive : rest) {
                compare(archive);
            }
        }
    }

    private static String described(Path resolved, Path home, List<String> leftOut, Optional<Path> runtime)
            throws IOException {
        ObjectNode bill = (ObjectNode) JSON.readTree(resolved.toFile());
        List<String> places;
        try (var files = Files.walk(home)) {
            places = files.map(file -> home.relativize(file).toString().replace('\\', '/'))
                    .filter(place -> leftOut.stream().noneMatch(folder -> place.startsWith(folder + "/")))
                    .sorted()
                    .toList();
        }
        Map<String, String> jars = new TreeMap<>();
        Map<String, String> plugins = new TreeMap<>();
        for (String place : places) {
            if (place.endsWith(".jar")) {
                jars.put(place, digest("SHA-256", Files.newInputStream(home.resolve(place))));
            } else if (place.endsWith("/plugin.properties")) {
                plugins.put(id(home.resolve(place)), place.substring(0, place.lastIndexOf('/')));
            }
        }
        ArrayNode components = JSON.createArrayNode();
        for (JsonNode each : bill.withArray("components")) {
            ObjectNode component = (ObjectNode) each;
            if (isShipped(component, jars, plugins, home)) {
                components.add(component);
            }
        }
        addOthers(components, jars, home);
        if (runtime.isPresent()) {
            addRuntime(components, runtime.get());
        }
        bill.set("components", components);
        keepDependencies(bill, components);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bill);
    }

    /** Names the places of a component, and the digests of what is there; false when it is nowhere. */
    private static boolean isShipped(
            ObjectNode component, Map<String, String> jars, Map<String, String> plugins, Path home) throws IOException {
        List<String> equal = placesOf(hash(component, "SHA-256"), jars);
        if (!equal.isEmpty()) {
            return located(component, equal);
        }
        String name = component.path("name").asText();
        String stripped = "/" + name + "-" + component.path("version").asText() + STRIPPED;
        List<String> changed =
                jars.keySet().stream().filter(place -> place.endsWith(stripped)).toList();
        if (!changed.isEmpty()) {
            ObjectNode ancestor = component.deepCopy();
            ancestor.remove(List.of("bom-ref", "scope"));
            ObjectNode pedigree = component.putObject("pedigree");
            pedigree.putArray("ancestors").add(ancestor);
            pedigree.put("notes", "The published jar was packed again without debug symbols.");
            hashed(component, home.resolve(changed.get(0)));
            return located(component, changed);
        }
        component.remove("hashes");
        return component.path("group").asText().equals(OURS)
                && plugins.containsKey(name)
                && located(component, List.of(plugins.get(name) + "/"));
    }

    /** Jars that were not resolved for the distribution: older versions that a plug-in brings, and what is shipped for authors of plug-ins. */
    private static void addOthers(ArrayNode components, Map<String, String> jars, Path home) throws IOException {
        Set<String> known = new HashSet<>();
        components.forEach(each -> each.at("/evidence/occurrences")
                .forEach(place -> known.add(place.path("location").asText())));
        for (Map.Entry<String, String> jar : jars.entrySet()) {
            if (!known.contains(jar.getKey())) {
                List<String> places = placesOf(jar.getValue(), jars);
                known.addAll(places);
                other(components, Coordinates.of(jar.getKey(), home.resolve(jar.getKey())), jar.getValue(), places);
            }
        }
    }

    private static void other(ArrayNode components, Coordinates what, String digest, List<String> places) {
        JsonNode licences = null;
        for (JsonNode each : components) {
            if (each.path("group").asText().equals(what.group()) && each.path("name").asText().equals(what.name())) {
                licences = each.get("licenses");
            }
        }
        ObjectNode component = components
                .addObject()
                .put("type", "library")
                .put("bom-ref", what.url())
                .put("group", what.group())
                .put("name", what.name())
                .put("version", what.version());
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", digest);
        if (licences != null) {
            component.set("licenses", licences);
        }
        component.put("purl", what.url());
        located(component, places);
    }

    /** What Maven calls a jar. */
    private record Coordinates(String group, String name, String version, String classifier) {

        /** Those that the jar has within, else those of its place in a repository. */
        static Coordinates of(String place, Path file) throws IOException {
            try (ZipFile jar = new ZipFile(file.toFile())) {
                List<? extends ZipEntry> within = jar.stream()
                        .filter(entry -> entry.getName().matches("META-INF/maven/[^/]+/[^/]+/pom.properties"))
                        .toList();
                if (within.size() == 1) {
                    Properties pom = new Properties();
                    pom.load(jar.getInputStream(within.get(0)));
                    String version = pom.getProperty("version");
                    String rest = place.substring(place.indexOf(version) + version.length());
                    return new Coordinates(
                            pom.getProperty("groupId"),
                            pom.getProperty("artifactId"),
                            version,
                            rest.replaceAll("^-|\\.jar$", ""));
                }
            }
            String[] parts = place.split("/");
            require(
                    place.startsWith(REPOSITORY) && parts.length > 4,
                    "what " + place + " is cannot be told: it has no Maven coordinates");
            int last = parts.length - 1;
            return new Coordinates(
                    String.join(".", List.of(parts).subList(1, last - 2)), parts[last - 2], parts[last - 1], "");
        }

        String url() {
            return "pkg:maven/" + group + "/" + name + "@" + version + "?"
                    + (classifier.isEmpty() ? "" : "classifier=" + classifier + "&") + "type=jar";
        }
    }

    /** The parts of a Java runtime, told by the file that names their version. */
    private static void addRuntime(ArrayNode components, Path runtime) throws IOException {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(runtime.resolve("release"))) {
            release.load(in);
        }
        ObjectNode component = components
                .addObject()
                .put("type", "platform")
                .put("bom-ref", "java-runtime")
                .put("name", "Java runtime")
                .put("version", release.getProperty("JAVA_VERSION").replace("\"", ""));
        component
                .putArray("hashes")
                .addObject()
                .put("alg", "SHA-256")
                .put("content", digest("SHA-256", Files.newInputStream(runtime.resolve("release"))));
        located(component, List.of(RUNTIME + "release"));
    }

    private static boolean located(ObjectNode component, List<String> places) {
        ArrayNode occurrences = component.putObject("evidence").putArray("occurrences");
        places.forEach(place -> occurrences.addObject().put("location", place));
        return true;
    }

    private static List<String> placesOf(String digest, Map<String, String> jars) {
        return jars.entrySet().stream()
                .filter(jar -> jar.getValue().equals(digest))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void hashed(ObjectNode component, Path file) throws IOException {
        for (JsonNode hash : component.withArray("hashes")) {
            ((ObjectNode) hash).put("content", digest(hash.path("alg").asText(), Files.newInputStream(file)));
        }
    }

    /** Dependencies of what is left on what is left. */
    private static void keepDependencies(ObjectNode bill, ArrayNode components) {
        Set<String> kept = new HashSet<>();
        kept.add(bill.at("/metadata/component/bom-ref").asText());
        components.forEach(each -> kept.add(each.path("bom-ref").asText()));
        ArrayNode dependencies = JSON.createArrayNode();
        for (JsonNode each : bill.withArray("dependencies")) {
            if (kept.contains(each.path("ref").asText())) {
                ObjectNode one = dependencies.addObject().put("ref", each.path("ref").asText());
                each.path("dependsOn").forEach(on -> {
                    if (kept.contains(on.asText())) {
                        one.withArray("dependsOn").add(on);
                    }
                });
            }
        }
        bill.set("dependencies", dependencies);
    }

    /** Fails unless all digests of a bill are those of the files of its archive, and all jars of the archive are in the bill. */
    private static void compare(String archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive)) {
            List<String> names = new ArrayList<>();
            zip.stream().map(ZipEntry::getName).forEach(names::add);
            String top = names.get(0).substring(0, names.get(0).indexOf('/') + 1);
            Opening files = place -> {
                ZipEntry entry = zip.getEntry(top + place);
                require(entry != null, archive + " has no " + place + ", which its bill names");
                return zip.getInputStream(entry);
            };
            Set<String> named = new HashSet<>();
            int digests = 0;
            for (JsonNode component : JSON.readTree(files.open(NAME)).path("components")) {
                JsonNode places = component.at("/evidence/occurrences");
                require(!places.isEmpty(), archive + ": " + component.path("purl").asText() + " is nowhere");
                for (JsonNode each : places) {
                    String place = each.path("location").asText();
                    named.add(top + place);
                    digests += compare(component, place, files, archive);
                }
            }
            names.stream()
                    .filter(name -> name.endsWith(".jar") && !name.startsWith(top + RUNTIME))
                    .forEach(name -> require(named.contains(name), archive + ": the bill lacks " + name));
            System.out.println(archive + ": " + digests + " digests of its bill are those of its files");
        }
    }

    private static int compare(JsonNode component, String place, Opening files, String archive) throws IOException {
        for (JsonNode hash : component.path("hashes")) {
            String found = digest(hash.path("alg").asText(), files.open(place));
            require(
                    found.equals(hash.path("content").asText()),
                    archive + ": " + place + " has " + hash.path("alg").asText() + " " + found + ", its bill says "
                            + hash.path("content").asText());
        }
        if (place.endsWith("/")) {
            files.open(place + "plugin.properties").close();
        } else {
            require(!component.path("hashes").isEmpty(), archive + ": the bill has no digest of " + place);
        }
        return component.path("hashes").size();
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalStateException(sentence);
        }
    }

    private static String hash(JsonNode component, String algorithm) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asText().equals(algorithm)) {
                return hash.path("content").asText();
            }
        }
        return "";
    }

    private static String id(Path properties) throws IOException {
        Properties plugin = new Properties();
        try (InputStream in = Files.newInputStream(properties)) {
            plugin.load(in);
        }
        return plugin.getProperty("plugin.id", "");
    }

    private static String digest(String algorithm, InputStream content) throws IOException {
        try (content) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] block = new byte[1 << 16];
            for (int count = content.read(block); count >= 0; count = content.read(block)) {
                digest.update(block, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
