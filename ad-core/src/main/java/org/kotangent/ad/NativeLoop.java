package org.kotangent.ad;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kotangent.ad.internal.LoopCode;
import org.kotangent.ad.internal.MachineCode;

/** A loop in machine code. Nothing checks bounds: operands and results are as long as it reads. */
final class NativeLoop implements Loop {
  private static final int MOST = 16;

  private final MemorySegment code;

  /** One of {@link Calls}. */
  private final MethodHandle call;

  /** The loop for the key. */
  NativeLoop(LoopCompiler.Key key) {
    int arrays = key.operands().size() + key.bodies().size();
    this.call = arrays <= 4 ? Calls.OF_4 : arrays <= 8 ? Calls.OF_8 : Calls.OF_16;
    this.code =
        LoopCode.of(key.number(), key.bodies(), key.operands().size(), key.single(), key.shifted());
  }

  /** Whether there is one for the key. */
  static boolean handles(LoopCompiler.Key key) {
    return key.operands().size() + key.bodies().size() <= MOST
        && key.operands().stream().allMatch(type -> type == key.number())
        && key.bodies().stream().noneMatch(NativeLoop::isCondition)
        && LoopCode.handles(key.number(), key.bodies());
  }

  private static boolean isCondition(Expr e) {
    return e instanceof Expr.Apply apply && apply.op().isCondition();
  }

  @Override
  public void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch) {
    try {
      call.invokeExact(code, at, step, from, length, rows, pitch, in, out);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code: the call failed", e);
    }
  }

  /** Calls of functions of four, eight and sixteen arrays; those that there are not are empty. */
  @SuppressWarnings("UnusedMethod") // They are called by way of handles.
  private static final class Calls {
    static final MethodHandle OF_4 = MachineCode.apart(MethodHandles.lookup(), "of4");
    static final MethodHandle OF_8 = MachineCode.apart(MethodHandles.lookup(), "of8");
    static final MethodHandle OF_16 = MachineCode.apart(MethodHandles.lookup(), "of16");

    private static final MethodHandle NATIVE_4 = caller(4);
    private static final MethodHandle NATIVE_8 = caller(8);
    private static final MethodHandle NATIVE_16 = caller(16);
    private static final float[] NONE = {};

    private static MethodHandle caller(int arrays) {
      List<MemoryLayout> parameters = new ArrayList<>(Collections.nCopies(2, ADDRESS));
      parameters.addAll(Collections.nCopies(4, JAVA_LONG));
      parameters.addAll(Collections.nCopies(arrays, ADDRESS));
      return MachineCode.caller(FunctionDescriptor.ofVoid(parameters.toArray(MemoryLayout[]::new)));
    }

    private static MemorySegment array(int k, Object[] in, Object[] out) {
      int j = k - in.length;
      return MachineCode.array(j < 0 ? in[k] : j < out.length ? out[j] : NONE);
    }

    static void of4(
        MemorySegment code,
        int[] at,
        int[] step,
        int from,
        int length,
        int rows,
        int pitch,
        Object[] in,
        Object[] out)
        throws Throwable {
      NATIVE_4.invokeExact(
          code,
          MemorySegment.ofArray(at),
          MemorySegment.ofArray(step),
          (long) from,
          (long) length,
          (long) rows,
          (long) pitch,
          array(0, in, out),
          array(1, in, out),
          array(2, in, out),
          array(3, in, out));
    }

    static void of8(
        MemorySegment code,
        int[] at,
        int[] step,
        int from,
        int length,
        int rows,
        int pitch,
        Object[] in,
        Object[] out)
        throws Throwable {
      NATIVE_8.invokeExact(
          code,
          MemorySegment.ofArray(at),
          MemorySegment.ofArray(step),
          (long) from,
          (long) length,
          (long) rows,
          (long) pitch,
          array(0, in, out),
          array(1, in, out),
          array(2, in, out),
          array(3, in, out),
          array(4, in, out),
          array(5, in, out),
          array(6, in, out),
          array(7, in, out));
    }

    static void of16(
        MemorySegment code,
        int[] at,
        int[] step,
        int from,
        int length,
        int rows,
        int pitch,
        Object[] in,
        Object[] out)
        throws Throwable {
      NATIVE_16.invokeExact(
          code,
          MemorySegment.ofArray(at),
          MemorySegment.ofArray(step),
          (long) from,
          (long) length,
          (long) rows,
          (long) pitch,
          array(0, in, out),
          array(1, in, out),
          array(2, in, out),
          array(3, in, out),
          array(4, in, out),
          array(5, in, out),
          array(6, in, out),
          array(7, in, out),
          array(8, in, out),
          array(9, in, out),
          array(10, in, out),
          array(11, in, out),
          array(12, in, out),
          array(13, in, out),
          array(14, in, out),
          array(15, in, out));
    }
  }
}
