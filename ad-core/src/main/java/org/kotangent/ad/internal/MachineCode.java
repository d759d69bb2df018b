package org.kotangent.ad.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Instructions of the processor that an {@link Assembler} wrote, as a function: on Linux on x86-64
 * with AVX2 and FMA, where native access is allowed. It is called as C calls on that platform (the
 * System V ABI) and works on arrays of the heap.
 *
 * <p>Pages are written first and made executable then; they are never both. A call holds off the
 * garbage collector; callers keep each one short.
 *
 * <p>The system property {@code kotangent.vectors} limits vectors to {@code 256} bits where there
 * are longer ones.
 */
public final class MachineCode {
  /** {@code PROT_READ | PROT_WRITE}. */
  private static final int WRITABLE = 3;

  /** {@code PROT_READ | PROT_EXEC}. */
  private static final int EXECUTABLE = 5;

  /** {@code MAP_PRIVATE | MAP_ANONYMOUS} of Linux. */
  private static final int OWN_MEMORY = 0x22;

  private static final long FAILED = -1;

  private static final Set<String> FEATURES = features();

  private static final boolean PRESENT = isFit() && mayCall() && mayExecute();

  private static final String VECTORS = "kotangent.vectors";

  private static final boolean AVX512 =
      FEATURES.containsAll(Set.of("avx512f", "avx512vl")) && widest() == 512;

  private MachineCode() {}

  /** Whether code can be run here. */
  public static boolean isPresent() {
    return PRESENT;
  }

  /** Whether it could be run if native access were allowed. */
  static boolean isForbidden() {
    return isFit() && !mayCall();
  }

  /** What to do to have it allowed. */
  static String remedy() {
    Module module = MachineCode.class.getModule();
    String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
    return "start Java with --enable-native-access=" + name;
  }

  /** Whether instructions may be those of AVX-512. */
  public static boolean hasAvx512() {
    return AVX512;
  }

  /** What calls functions of the given type; the function is its first argument. */
  public static MethodHandle caller(FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(type, Linker.Option.critical(true));
  }

  /**
   * The same, where pointers are arrays of the heap, of the given types in turn.
   *
   * <p>The JIT compiler takes long for a call of machine code, wherever there is one. It compiles
   * it once and by itself where the handle is in a field that is no constant.
   */
  public static MethodHandle caller(FunctionDescriptor type, Class<?>... arrays) {
    MethodHandle caller = caller(type);
    int next = 0;
    for (int i = 1; i < caller.type().parameterCount(); i++) {
      if (caller.type().parameterType(i) == MemorySegment.class) {
        caller = MethodHandles.filterArguments(caller, i, segment(arrays[next++]));
      }
    }
    return caller;
  }

  /** {@link MemorySegment#ofArray} of an array type. */
  private static MethodHandle segment(Class<?> array) {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              MemorySegment.class, "ofArray", MethodType.methodType(MemorySegment.class, array));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("machine code: takes no " + array, e);
    }
  }

  private static boolean isFit() {
    return System.getProperty("os.name", "").equals("Linux")
        && System.getProperty("os.arch", "").equals("amd64")
        && FEATURES.containsAll(Set.of("avx2", "fma"));
  }

  private static boolean mayCall() {
    return MachineCode.class.getModule().isNativeAccessEnabled();
  }

  /** What the processor can do and the operating system allows. */
  private static Set<String> features() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(List.of(line.split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of();
    }
  }

  /** The most bits that the user lets a vector have. */
  private static int widest() {
    String wanted = System.getProperty(VECTORS, "512");
    return switch (wanted) {
      case "256" -> 256;
      case "512" -> 512;
      default ->
          throw new IllegalStateException(
              VECTORS + ": must be 256 or 512; got " + wanted + "; change it or leave it out");
    };
  }

  /** Whether a function that does nothing can be installed: a hardened system may say no. */
  private static boolean mayExecute() {
    var nothing = new Assembler();
    nothing.ret();
    try {
      caller(FunctionDescriptor.ofVoid()).invokeExact(function(nothing.code()));
      return true;
    } catch (Throwable e) {
      return false;
    }
  }

  /**
   * The function that some code is; its memory is given back when nobody can call it any more.
   *
   * @throws IllegalStateException when the operating system gives no memory for it
   */
  public static MemorySegment function(byte[] code) {
    try {
      var memory =
          (MemorySegment)
              Memory.MAP.invokeExact(
                  MemorySegment.NULL, (long) code.length, WRITABLE, OWN_MEMORY, -1, 0L);
      if (memory.address() == FAILED) {
        throw new IllegalStateException("machine code: the system gives no memory for it");
      }
      MemorySegment pages = memory.reinterpret(code.length, Arena.ofAuto(), Memory::free);
      MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, 0, code.length);
      if ((int) Memory.PROTECT.invokeExact(memory, (long) code.length, EXECUTABLE) != 0) {
        throw new IllegalStateException("machine code: the system does not let it be executed");
      }
      return pages;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("machine code: cannot be installed", e);
    }
  }

  /** The functions of the operating system for memory. */
  private static final class Memory {
    static final MethodHandle MAP =
        c("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle PROTECT = c("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle UNMAP = c("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

    static void free(MemorySegment pages) {
      try {
        if ((int) UNMAP.invokeExact(pages, pages.byteSize()) != 0) {
          throw new IllegalStateException("machine code: the system does not take it back");
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("machine code: cannot be given back", e);
      }
    }

    private static MethodHandle c(String name, ValueLayout result, ValueLayout... parameters) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters));
    }
  }
}
