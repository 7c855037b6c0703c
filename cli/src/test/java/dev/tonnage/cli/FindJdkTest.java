package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which JDK the launcher and the build take. The JDKs here are folders with what the script looks
 * at; where the machine's own must not be found, version 900 is asked for.
 */
@DisabledOnOs(OS.WINDOWS)
final class FindJdkTest {

  private static final Path SCRIPT =
      Path.of(System.getProperty("tonnage.root"), ".mvn", "find-jdk.sh");

  @TempDir private Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void emptyEnvironment() {
    environment.put("PATH", folder.resolve("none") + "");
  }

  private Path jdk(String where, String release) throws IOException {
    Path home = jre(where, release);
    executable(home.resolve("bin/javac"));
    return home;
  }

  private Path jre(String where, String release) throws IOException {
    Path home = Files.createDirectories(folder.resolve(where));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Somebody\"\nJAVA_RUNTIME_VERSION=\"9999+1\"\nJAVA_VERSION=\"%s\"\nOS_ARCH=\"any\"\n"
            .formatted(release));
    executable(home.resolve("bin/java"));
    return home;
  }

  private static void executable(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\nexit 1\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** As ./tonnage and ./mvnw call it. */
  private Outcome found(int atLeast) throws IOException, InterruptedException {
    String script =
        "set -eu; . \"$1\"; TONNAGE_JDK=$2; tonnage_find_jdk || exit 2; echo \"$JAVA_HOME\"";
    return new Shell(folder, environment).run(script, SCRIPT, atLeast);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.3", "26-ea", "27.0.1", "100"})
  void aJavaHomeThatIsNewEnoughIsTaken(String release) throws Exception {
    Path home = jdk("my jdk", release);
    environment.put("JAVA_HOME", home + "");
    assertThat(found(25)).isEqualTo(new Outcome(0, home + "\n", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.2", "1.8.0_392", "24.0.2", "9", "", "unknown"})
  void aJavaHomeThatIsTooOldIsPassedOver(String release) throws Exception {
    Path old = jdk("old", release);
    environment.put("JAVA_HOME", old + "");
    environment.put("SDKMAN_DIR", folder.resolve("sdk man") + "");
    Path fresh = jdk("sdk man/candidates/java/900.0.1-tem", "900.0.1");
    assertThat(found(900)).isEqualTo(new Outcome(0, fresh + "\n", ""));
  }

  @Test
  void theJavaOnThePathIsFollowedToItsJdk() throws Exception {
    Path home = jdk("usr/lib/jvm/jdk-900", "900");
    Path alternatives = Files.createDirectories(folder.resolve("etc/alternatives"));
    Files.createSymbolicLink(alternatives.resolve("java"), home.resolve("bin/java"));
    Path bin = Files.createDirectories(folder.resolve("usr/bin"));
    Files.createSymbolicLink(bin.resolve("java"), Path.of("../../etc/alternatives/java"));
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
    assertThat(found(900)).isEqualTo(new Outcome(0, home + "\n", ""));
  }

  @Test
  void aNewOneIsFoundWhereThePathHasAnOldOne() throws Exception {
    Path old = jdk("jdk-17", "17.0.2");
    Path fresh = jdk("home/.sdkman/candidates/java/900.0.2-open", "900.0.2");
    environment.put("HOME", folder.resolve("home") + "");
    environment.put("PATH", old.resolve("bin") + ":" + System.getenv("PATH"));
    assertThat(found(900)).isEqualTo(new Outcome(0, fresh + "\n", ""));
  }

  @Test
  void aRuntimeWithoutACompilerIsPassedOver() throws Exception {
    environment.put("JAVA_HOME", jre("jre", "900") + "");
    environment.put("HOME", folder.resolve("home") + "");
    Path full = jdk("home/.jdks/temurin-901", "901-ea");
    assertThat(found(900)).isEqualTo(new Outcome(0, full + "\n", ""));
  }

  @Test
  void whereThereIsNoneALineSaysWhatToInstall() throws Exception {
    var outcome = found(900);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error().lines()).hasSize(1);
    assertThat(outcome.error()).contains("no JDK 900 found", "install", "JAVA_HOME");
  }
}
