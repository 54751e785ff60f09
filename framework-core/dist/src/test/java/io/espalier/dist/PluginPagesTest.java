package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import io.espalier.host.ExtensionPoint;
import io.espalier.spi.adapter.GraphWriter;
import io.espalier.spi.execution.GraphExecutor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** There is a page for everything that a plug-in can bring, and what it says to do works; javac takes the place of Maven here. */
class PluginPagesTest {

    private static final Path DOCS = Path.of("../../docs").toAbsolutePath().normalize();
    private static final Pattern COMMANDS =
            Pattern.compile("```\n(\\./espalier plugins new ([a-z]+) ([a-z]+)\\b[^`]*)```");

    /** What an adapter brings along. */
    private static final Set<Class<?>> WITHOUT_PAGE = Set.of(GraphExecutor.class, GraphWriter.class);

    @TempDir
    private Path folder;

    static Stream<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(DOCS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("write-an?-(?!plugin\\.)[a-z]+\\.md"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    @DisplayName("The project that a page makes is the one it shows, keeps its contract, is loaded and works")
    void page(String page) throws IOException {
        String text = Files.readString(DOCS.resolve(page));
        MatchResult block = commands(text);
        List<String> commands = block.group(1)
                .replaceAll("\\\\\n *", "")
                .lines()
                .map(line -> line.replaceAll(" +#.*", ""))
                .toList();
        TestingProject project = TestingProject.make(folder, block.group(2), block.group(3));
        String id = project.id();

        assertThat(commands)
                .startsWith(
                        "./espalier plugins new " + block.group(2) + " " + block.group(3),
                        "./mvnw -f " + id + " package",
                        "mkdir my-plugins && cp " + id + "/target/*.jar my-plugins",
                        "./espalier plugins list --plugins my-plugins")
                .hasSizeGreaterThan(4);
        assertShows(text, project);
        assertKeepsItsContract(project);
        project.jar(Files.createDirectory(folder.resolve("my-plugins")));
        assertThat(espalier(commands.get(3)).out()).contains("[" + id + "]");
        for (String command : commands.subList(4, commands.size())) {
            Result result = espalier(command);
            assertThat(result.exitCode()).as("%s%n%s", command, result.err()).isZero();
        }
    }

    private static MatchResult commands(String page) {
        List<MatchResult> blocks = COMMANDS.matcher(page).results().toList();
        assertThat(blocks).as("blocks that make a project").hasSize(1);
        return blocks.get(0);
    }

    private static void assertShows(String page, TestingProject project) throws IOException {
        for (Path source : project.files(".java")) {
            assertThat(page).contains("```java\n" + Files.readString(source) + "```");
        }
        Path services = project.folder().resolve("src/main/resources/META-INF/services");
        try (Stream<Path> files = Files.list(services)) {
            Path service = files.findFirst().orElseThrow();
            assertThat(page)
                    .contains("`META-INF/services/" + service.getFileName() + "`")
                    .contains("`" + Files.readString(service).strip() + "`");
        }
    }

    private static void assertKeepsItsContract(TestingProject project) throws IOException {
        TestExecutionSummary summary = project.test();
        StringWriter failures = new StringWriter();
        summary.printFailuresTo(new PrintWriter(failures));
        assertThat(summary.getTotalFailureCount()).as(failures.toString()).isZero();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(5);
    }

    /** Runs a command of a page in the temporary folder, without measuring how fast models are. */
    private Result espalier(String command) {
        List<String> arguments = new ArrayList<>();
        for (String word : command.replace("./espalier ", "").split(" ")) {
            arguments.add(word.startsWith("docs/") ? DOCS.resolveSibling(word).toString() : word);
        }
        if (arguments.get(0).equals("prune")) {
            arguments.add("--no-latency");
        }
        return new Launcher(folder).run(arguments.toArray());
    }

    @Test
    @DisplayName("Everything that a plug-in can bring has a page, and can be begun with a command")
    void allPoints() throws IOException {
        Set<String> kinds = new TreeSet<>();
        StringBuilder all = new StringBuilder();
        String overview = Files.readString(DOCS.resolve("write-a-plugin.md"));
        for (String page : pages().toList()) {
            String text = Files.readString(DOCS.resolve(page));
            all.append(text);
            kinds.add(commands(text).group(2));
            assertThat(overview).contains("](" + page + ")");
        }

        assertThat(ExtensionPoint.ALL)
                .filteredOn(point -> !WITHOUT_PAGE.contains(point.type()))
                .hasSameSizeAs(kinds)
                .allSatisfy(point -> assertThat(all)
                        .contains("META-INF/services/" + point.type().getName() + "`"));
        String refusal =
                new Launcher(folder).run("plugins", "new", "nothing", "name").err();
        assertThat(refusal.toLowerCase(Locale.ROOT)).containsPattern("\\[[a-z, ]+]");
        assertThat(refusal.toLowerCase(Locale.ROOT)
                        .replaceAll("(?s).*\\[([a-z, ]+)].*", "$1")
                        .split(", "))
                .containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    @DisplayName("Maven finds all of Espalier that a project needs in the folder 'repository'")
    void repository() throws IOException {
        Path repository = Launcher.home().resolve("repository");
        List<Path> poms;
        try (Stream<Path> files = Files.walk(repository)) {
            poms = files.filter(file -> file.toString().endsWith(".pom")).toList();
        }
        assertThat(poms).isNotEmpty();
        List<String> found = poms.stream()
                .map(pom -> pom.getParent().getParent().getFileName().toString())
                .toList();
        assertThat(found).contains("espalier-spi", "espalier-testkit", "espalier-adapter-onnx");
        for (Path pom : poms) {
            assertThat(found).as("what %s needs", pom).containsAll(needed(Files.readString(pom)));
        }
    }

    /** The artefacts of ours that a pom inherits from or that come with it. */
    private static List<String> needed(String pom) {
        String own = pom.replaceAll("(?s)<dependencyManagement>.*</dependencyManagement>", "")
                .replaceAll("(?s)<(build|profiles)>.*</\\1>", "");
        return Pattern.compile("(?s)<(parent|dependency)>(.*?)</\\1>")
                .matcher(own)
                .results()
                .map(part -> part.group(2))
                .filter(part -> part.contains("<groupId>io.espalier</groupId>") && !part.contains("<scope>"))
                .map(part -> part.replaceAll("(?s).*<artifactId>(.*)</artifactId>.*", "$1"))
                .toList();
    }
}
