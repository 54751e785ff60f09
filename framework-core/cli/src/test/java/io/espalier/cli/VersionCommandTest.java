package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.cli.TestingCli.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VersionCommandTest {

    @Test
    @DisplayName("Espalier, Java and the system are named")
    void text() {
        Result result = TestingCli.with().run("version");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .matches("espalier  \\d+\\.\\d+\\.\\d+\\S*\njava      \\Q" + Versions.java() + "\\E\nsystem    \\Q"
                        + Versions.operatingSystem() + "\\E\n");
    }

    @Test
    @DisplayName("The same as JSON")
    void json() {
        Result result = TestingCli.with().run("version", "--json");

        assertThat(result.out())
                .isEqualTo("{\n  \"schema\" : \"espalier.version.v1\",\n  \"espalier\" : \"" + Espalier.version()
                        + "\",\n  \"java\" : \"" + Versions.java() + "\",\n  \"system\" : \""
                        + Versions.operatingSystem() + "\",\n  \"plugins\" : { }\n}\n");
    }

    @Test
    @DisplayName("--version is short for the first line")
    void option() {
        assertThat(TestingCli.with().run("--version").out()).isEqualTo("espalier " + Espalier.version() + "\n");
    }
}
