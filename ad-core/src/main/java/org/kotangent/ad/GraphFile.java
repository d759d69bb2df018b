package org.kotangent.ad;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** Writes drawings of graphs, with Graphviz where the format needs it. */
final class GraphFile {
  private static final Set<String> DRAWN = Set.of("svg", "png", "pdf");

  private GraphFile() {}

  static void write(String dot, Path file) {
    String extension = extension(file);
    if (!extension.equals("dot") && !DRAWN.contains(extension)) {
      throw Checks.domain(
          "render",
          "the extension must name a format",
          file.toString(),
          "use .svg, .png, .pdf or .dot");
    }
    try {
      Path target = file.toAbsolutePath();
      Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
      try {
        Files.writeString(part, dot, StandardOpenOption.CREATE_NEW);
        if (!extension.equals("dot")) {
          draw(part, extension);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw Checks.domain(
          "render", "the file must be writable", file + " (" + e + ")", "choose another place");
    }
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** Replaces the text in the file by its drawing. */
  private static void draw(Path file, String format) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder("dot", "-T" + format, "-O", file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw Checks.domain(
          "render",
          "drawing needs Graphviz",
          "no program `dot` on the path",
          "install graphviz or write a .dot file");
    }
    String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Path drawn = file.resolveSibling(file.getFileName() + "." + format);
    try {
      if (process.waitFor() != 0) {
        throw Checks.domain("render", "Graphviz must accept the graph", messages, "report this");
      }
      Files.move(drawn, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new IOException("interrupted while dot was running", e);
    } finally {
      Files.deleteIfExists(drawn);
    }
  }
}
