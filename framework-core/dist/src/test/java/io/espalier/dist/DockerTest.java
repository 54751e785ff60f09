package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be known of {@code docker/} without a container engine. */
class DockerTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path DOCKER = ROOT.resolve("docker");
    private static final Pattern METRIC = Pattern.compile("\\b(?:pruning|jvm|system|process)_[a-z0-9_]+");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Every metric that the dashboard and the alerts ask for is in the scrape of real runs")
    void metrics() throws IOException {
        Set<String> asked = new TreeSet<>(metrics(expressions()));
        assertThat(asked).hasSizeGreaterThan(30);

        assertThat(new TreeSet<>(metrics(List.of(sampleScrape())))).containsAll(asked);
    }

    /** The meters of a run that worked, with a plug-in that does not, and of one that failed. */
    private String sampleScrape() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.writeString(plugins.resolve("broken.jar"), "not a jar");
        Path worked = folder.resolve("worked.prom");
        Path failed = folder.resolve("failed.prom");
        Result first = new Launcher(folder)
                .run(
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=70%",
                        "-q",
                        "--repair",
                        "bn",
                        "--calibration",
                        Launcher.example("fashion-mnist-calibration.npz"),
                        "--data",
                        Launcher.example("fashion-mnist-test.npz"),
                        "-o",
                        folder.resolve("pruned.onnx"),
                        "--plugins",
                        plugins,
                        "--metrics-file",
                        worked);
        assertThat(first.exitCode()).as(first.err()).isZero();
        Result second = new Launcher(folder)
                .run(
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=0.001%",
                        "-o",
                        folder.resolve("small.onnx"),
                        "--metrics-file",
                        failed);
        assertThat(second.exitCode()).isEqualTo(1);
        return Files.readString(worked) + Files.readString(failed);
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard().get("panels")) {
            panel.get("targets")
                    .forEach(target -> expressions.add(target.get("expr").textValue()));
        }
        for (Object group : list(yaml(DOCKER.resolve("prometheus/alerts.yaml")).get("groups"))) {
            for (Object rule : list(map(group).get("rules"))) {
                expressions.add((String) map(rule).get("expr"));
            }
        }
        return expressions;
    }

    private static List<String> metrics(List<String> texts) {
        return texts.stream()
                .flatMap(text -> METRIC.matcher(text).results())
                .map(MatchResult::group)
                .toList();
    }

    @Test
    @DisplayName("The dashboard asks the data source that is provisioned, and its panels have ids of their own")
    void dashboardFits() throws IOException {
        Map<String, Object> source = map(list(yaml(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                        .get("datasources"))
                .get(0));
        List<JsonNode> panels = new ArrayList<>();
        dashboard().get("panels").forEach(panels::add);

        assertThat(panels)
                .allSatisfy(
                        panel -> assertThat(panel.get("datasource").get("uid").textValue())
                                .isEqualTo(source.get("uid")));
        assertThat(panels).extracting(panel -> panel.get("id").intValue()).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("Every YAML file parses, and every path that the compose file names exists")
    void paths() throws IOException {
        try (Stream<Path> files = Files.walk(DOCKER)) {
            List<Path> yaml =
                    files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertThat(yaml)
                    .hasSize(5)
                    .allSatisfy(file -> assertThat(yaml(file)).isNotEmpty());
        }
        Map<String, Object> compose = compose();
        Set<String> volumes = map(compose.get("volumes")).keySet();
        services(compose).forEach((name, service) -> {
            for (Object volume : list(service.getOrDefault("volumes", List.of()))) {
                String source = ((String) volume).split(":")[0];
                if (source.startsWith(".")) {
                    assertThat(DOCKER.resolve(source)).as(name).exists();
                } else {
                    assertThat(volumes).as(name).contains(source);
                }
            }
            if (service.containsKey("build")) {
                Map<String, Object> build = map(service.get("build"));
                Path context = DOCKER.resolve((String) build.get("context")).normalize();
                assertThat(context).isEqualTo(ROOT);
                assertThat(context.resolve((String) build.get("dockerfile"))).exists();
            }
            map(service.getOrDefault("depends_on", Map.of()))
                    .keySet()
                    .forEach(other -> assertThat(map(compose.get("services"))).containsKey(other));
        });
        assertThat(DOCKER.resolve("prometheus/alerts.yaml")).exists();
    }

    @Test
    @DisplayName("Images have versions, that of Kafka is the client's, and all ports are of this machine only")
    void pinned() throws IOException {
        Map<String, Object> compose = compose();
        services(compose).forEach((name, service) -> {
            assertThat((String) service.get("image")).as(name).matches(".+:v?\\d+\\.\\d+(\\.\\d+)?[^:]*");
            assertThat(list(service.getOrDefault("ports", List.of())))
                    .as(name)
                    .allMatch(port -> ((String) port).startsWith("127.0.0.1:"));
        });
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        String image = (String) services(compose).get("kafka").get("image");
        assertThat(pom).contains("<kafka.version>" + image.split(":")[1] + "</kafka.version>");
        assertThat(Files.readString(DOCKER.resolve("Dockerfile")))
                .doesNotContain(":latest")
                .containsPattern("(?m)^FROM \\S+:\\d")
                .contains("USER 10001");
    }

    @Test
    @DisplayName("The image is made of the archive of this version, which the build may send")
    void archive() throws IOException {
        Matcher version =
                Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        String archive = "framework-core/dist/target/espalier-" + version.group(1) + "-all.zip";
        String file = Files.readString(DOCKER.resolve("Dockerfile"));
        assertThat(file).contains("COPY " + archive + " ").contains("mv espalier-" + version.group(1) + " espalier");
        assertThat(Files.readString(ROOT.resolve("framework-core/dist/archive.xml")))
                .contains("<id>all</id>")
                .contains("<baseDirectory>espalier-${project.version}</baseDirectory>");
        PathMatcher sent = FileSystems.getDefault()
                .getPathMatcher("glob:"
                        + Files.readAllLines(DOCKER.resolve("Dockerfile.dockerignore")).stream()
                                .filter(line -> line.startsWith("!"))
                                .findFirst()
                                .orElseThrow()
                                .substring(1));
        assertThat(sent.matches(Path.of(archive))).isTrue();
    }

    @Test
    @DisplayName("What the compose file starts are commands of Espalier")
    void commands() throws IOException {
        Map<String, Map<String, Object>> services = services(compose());
        for (String name : List.of("topic", "monitor")) {
            List<Object> command = new ArrayList<>(list(services.get(name).get("command")));
            command.add("--help");
            Result help = new Launcher(folder).run(command.toArray());
            assertThat(help.exitCode()).as(help.err()).isZero();
            for (Object word : command) {
                if (word.toString().startsWith("--")) {
                    assertThat(help.out()).contains(word.toString());
                }
            }
        }
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(DOCKER.resolve("grafana/dashboards/pruning.json").toFile());
    }

    private static Map<String, Object> compose() throws IOException {
        return yaml(DOCKER.resolve("compose.yaml"));
    }

    private static Map<String, Map<String, Object>> services(Map<String, Object> compose) {
        Map<String, Map<String, Object>> services = new TreeMap<>();
        map(compose.get("services")).forEach((name, service) -> services.put(name, map(service)));
        return services;
    }

    private static Map<String, Object> yaml(Path file) throws IOException {
        return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object node) {
        return (List<Object>) node;
    }
}
