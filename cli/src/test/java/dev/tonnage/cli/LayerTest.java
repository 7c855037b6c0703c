package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.cli.Layers.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the compiled classes of all modules and refuses references that point upward. */
final class LayerTest {

  private static final Path CHECKOUT = Path.of(System.getProperty("tonnage.root"));

  private static final List<String> MODULES = List.of("kernels", "engine", "cli");

  /** A class within a descriptor or a generic signature. */
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

  private static List<Path> files(String folder, String ending) {
    List<Path> found = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(CHECKOUT.resolve(module).resolve(folder))) {
        files.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException("the modules below are built, too: ./mvnw -pl cli -am", e);
      }
    }
    return found;
  }

  private static Set<Reference> references(ClassModel type) {
    String from = dotted(type.thisClass());
    Set<Reference> references = new LinkedHashSet<>();
    for (PoolEntry entry : type.constantPool()) {
      switch (entry) {
        case ClassEntry named when !named.asInternalName().startsWith("[") ->
            references.add(new Reference(from, dotted(named)));
        case MemberRefEntry member ->
            references.add(
                new Reference(from, dotted(member.owner()) + "#" + member.name().stringValue()));
        case Utf8Entry text -> {
          Matcher descriptor = IN_DESCRIPTOR.matcher(text.stringValue());
          while (descriptor.find()) {
            references.add(new Reference(from, descriptor.group(1).replace('/', '.')));
          }
        }
        default -> {}
      }
    }
    return references;
  }

  private static String dotted(ClassEntry type) {
    return type.asInternalName().replace('/', '.');
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noReferencePointsUpward() {
    Set<String> violations = new TreeSet<>();
    Set<String> levels = new TreeSet<>();
    for (Path file : files("target/classes", ".class")) {
      if (file.endsWith("module-info.class")) {
        continue;
      }
      for (Reference reference : references(parse(file))) {
        levels.add(Layers.level(Layers.packageOf(reference.from())));
        Layers.violation(reference)
            .ifPresent(
                why -> violations.add(reference.from() + " -> " + reference.to() + ": " + why));
      }
    }
    assertThat(violations).isEmpty();
    assertThat(levels).containsExactlyInAnyOrderElementsOf(Layers.ORDER);
  }

  @Test
  void everyPackageSaysWhatItHolds() {
    Set<Path> packages = new TreeSet<>();
    for (Path file : files("src/main/java", ".java")) {
      if (!file.endsWith("module-info.java")) {
        packages.add(file.getParent());
      }
    }
    assertThat(packages).hasSizeGreaterThanOrEqualTo(Layers.ORDER.size());
    assertThat(packages)
        .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
  }

  @ParameterizedTest
  @CsvSource({
    "tensor.Tensor, dev.tonnage.kernel.Compute",
    "error.BadFile, dev.tonnage.cli.Main",
    "sample.Sampler, dev.tonnage.session.Session#read",
    "model.Llama, dev.tonnage.kernel.scalar.ScalarKernels",
    "kernel.Cpu, dev.tonnage.kernel.vector.VectorKernels",
    "kernel.scalar.ScalarF32, dev.tonnage.kernel.vector.VectorF32",
    "text.Tokenizer, dev.tonnage.surprise.Guest",
    "surprise.Guest, dev.tonnage.error.BadFile",
    "kernel.scalar.ScalarF32, jdk.incubator.vector.FloatVector",
    "kernel.Memory, java.lang.foreign.Linker",
    "kernel.Memory, java.lang.foreign.Linker#nativeLinker",
    "session.Session, java.lang.System#out",
    "file.Gguf, java.lang.System#exit",
    "file.Gguf, java.lang.Throwable#printStackTrace",
  })
  void whatPointsUpwardIsRefused(String from, String to) {
    assertThat(Layers.violation(new Reference("dev.tonnage." + from, to))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "kernel.Compute, dev.tonnage.tensor.Tensor",
    "tensor.Tensor, dev.tonnage.tensor.Shape",
    "kernel.KernelChoice, dev.tonnage.kernel.scalar.ScalarKernels",
    "kernel.KernelChoice$1, dev.tonnage.kernel.vector.VectorKernels",
    "kernel.vector.VectorF32, dev.tonnage.kernel.BlockFormat",
    "kernel.vector.VectorQ4_K, dev.tonnage.kernel.scalar.ScalarQ4_K",
    "kernel.vector.VectorF32, jdk.incubator.vector.FloatVector",
    "os.Machine, java.lang.foreign.Linker#nativeLinker",
    "file.Gguf, java.lang.System#nanoTime",
    "cli.Main, java.lang.System#exit",
  })
  void whatPointsDownwardIsNot(String from, String to) {
    assertThat(Layers.violation(new Reference("dev.tonnage." + from, to))).isEmpty();
  }

  /** Names a class in every way that a class file can. */
  @SuppressWarnings("unused")
  private static final class Guest {
    private java.util.zip.Adler32 field;
    private List<java.util.zip.CRC32> generic;

    java.util.zip.Inflater method(java.util.zip.Deflater[] parameter) {
      System.err.flush();
      return null;
    }

    Object inside() {
      return (java.util.function.Supplier<?>) java.util.zip.CRC32C::new;
    }
  }

  @Test
  void aReferenceIsSeenWhereverItHides() throws IOException {
    byte[] bytes;
    try (var in = LayerTest.class.getResourceAsStream("LayerTest$Guest.class")) {
      bytes = in.readAllBytes();
    }
    assertThat(references(ClassFile.of().parse(bytes)))
        .extracting(Reference::to)
        .contains(
            "java.util.zip.Adler32",
            "java.util.zip.CRC32",
            "java.util.zip.Inflater",
            "java.util.zip.Deflater",
            "java.util.zip.CRC32C",
            "java.lang.System#err");
  }
}
