package org.kotangent.ad.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS, called through the Foreign Function API on arrays of the heap. The library is the one
 * in the jar {@code org.bytedeco:openblas} for the platform, which a user puts on the class path.
 *
 * <p>A call holds off the garbage collector; callers keep each one short. The library itself uses
 * one thread.
 */
public final class OpenBlas {
  private static final int ROW_MAJOR = 101;
  private static final int AS_IT_IS = 111;
  private static final int TRANSPOSED = 112;

  /** What the library needs beside it, in the order of loading. */
  private static final List<String> LIBRARIES =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

  private final MethodHandle sgemm;
  private final MethodHandle dgemm;

  private OpenBlas(SymbolLookup library) {
    this.sgemm = product(library, "cblas_sgemm", JAVA_FLOAT);
    this.dgemm = product(library, "cblas_dgemm", JAVA_DOUBLE);
    try {
      Linker.nativeLinker()
          .downcallHandle(
              library.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(JAVA_INT))
          .invokeExact(1);
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS: cannot be told to use one thread", e);
    }
  }

  private static MethodHandle product(SymbolLookup library, String name, MemoryLayout number) {
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow(name),
            FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS,
                JAVA_INT, ADDRESS, JAVA_INT, number, ADDRESS, JAVA_INT),
            Linker.Option.critical(true));
  }

  /** Whether the library is on the class path and may be called. */
  public static boolean isPresent() {
    return OpenBlas.class.getModule().isNativeAccessEnabled()
        && resource(LIBRARIES.getLast()) != null;
  }

  /**
   * Loads the library.
   *
   * @throws IllegalStateException when it is absent or cannot be loaded
   */
  public static OpenBlas load() {
    if (!isPresent()) {
      throw new IllegalStateException(
          "OpenBLAS: the library is missing or may not be called; put org.bytedeco:openblas with"
              + " the classifier of your platform on the class path and start Java with"
              + " --enable-native-access=ALL-UNNAMED");
    }
    try {
      Path directory = Files.createTempDirectory("kotangent-openblas");
      SymbolLookup library = null;
      for (String name : LIBRARIES) {
        Path file = directory.resolve(name);
        try (InputStream stream = resource(name)) {
          if (stream != null) {
            Files.copy(stream, file);
            library = SymbolLookup.libraryLookup(file, Arena.global());
            Files.delete(file); // What is loaded stays, and nothing is left behind.
          }
        }
      }
      Files.delete(directory);
      if (library == null) {
        throw new IllegalStateException("OpenBLAS: the jar holds no " + LIBRARIES.getLast());
      }
      return new OpenBlas(library);
    } catch (IOException e) {
      throw new UncheckedIOException("OpenBLAS: cannot unpack the library", e);
    }
  }

  private static @Nullable InputStream resource(String library) {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    String platform =
        (os.contains("linux") ? "linux" : os)
            + "-"
            + (machine.equals("amd64") ? "x86_64" : machine);
    return OpenBlas.class
        .getClassLoader()
        .getResourceAsStream("org/bytedeco/openblas/" + platform + "/" + library);
  }

  /**
   * Writes or adds the product of two matrices in arrays of the heap, {@code float[]} or {@code
   * double[]}, row by row or column by column.
   *
   * @param m rows of the first matrix and of the product
   * @param n columns of the second matrix and of the product
   * @param k columns of the first matrix and rows of the second
   */
  public void multiply(int m, int n, int k, Operand a, Operand b, Operand c) {
    try {
      if (c.data() instanceof float[]) {
        sgemm.invokeExact(
            ROW_MAJOR,
            a.order(),
            b.order(),
            m,
            n,
            k,
            1f,
            a.segment(),
            a.step(k),
            b.segment(),
            b.step(n),
            0f,
            c.segment(),
            c.step(n));
      } else {
        dgemm.invokeExact(
            ROW_MAJOR,
            a.order(),
            b.order(),
            m,
            n,
            k,
            1.0,
            a.segment(),
            a.step(k),
            b.segment(),
            b.step(n),
            0.0,
            c.segment(),
            c.step(n));
      }
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS: the product failed", e);
    }
  }

  /**
   * A matrix in an array.
   *
   * @param data the array
   * @param offset where it starts
   * @param pitch the distance between two rows; of a transposed matrix, between two columns
   * @param transposed whether columns are contiguous instead of rows
   */
  public record Operand(Object data, int offset, int pitch, boolean transposed) {
    private int order() {
      return transposed ? TRANSPOSED : AS_IT_IS;
    }

    private int step(int columns) {
      return transposed ? pitch : Math.max(pitch, columns);
    }

    private MemorySegment segment() {
      return data instanceof float[] floats
          ? MemorySegment.ofArray(floats).asSlice(offset * JAVA_FLOAT.byteSize())
          : MemorySegment.ofArray((double[]) data).asSlice(offset * JAVA_DOUBLE.byteSize());
    }
  }
}
