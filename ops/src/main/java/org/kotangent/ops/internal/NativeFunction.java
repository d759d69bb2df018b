package org.kotangent.ops.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.kotangent.ad.internal.Assembler;
import org.kotangent.ad.internal.MachineCode;

/**
 * A function in machine code that works on three arrays as a plan says. Nothing checks bounds:
 * whoever makes a plan answers for it.
 */
final class NativeFunction {
  private static final MethodHandle CALL =
      MachineCode.caller(
          FunctionDescriptor.ofVoid(
              ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private final MemorySegment code;
  private final MethodHandle call = MachineCode.apart(MethodHandles.lookup(), "call");

  NativeFunction(Assembler code) {
    this.code = MachineCode.function(code.code());
  }

  /**
   * Calls it.
   *
   * @param plan sizes, distances and tables
   * @param a the first array, {@code float[]} or {@code double[]}
   * @param aAt where its part begins
   * @param count how often to do it
   */
  void run(int[] plan, Object a, int aAt, Object b, int bAt, Object c, int cAt, int count) {
    try {
      call.invokeExact(code, plan, a, aAt, b, bAt, c, cAt, count);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code: the call failed", e);
    }
  }

  @SuppressWarnings("UnusedMethod") // It is called by way of a handle.
  private static void call(
      MemorySegment code,
      int[] plan,
      Object a,
      int aAt,
      Object b,
      int bAt,
      Object c,
      int cAt,
      int count)
      throws Throwable {
    CALL.invokeExact(
        code,
        MemorySegment.ofArray(plan),
        MachineCode.array(a),
        MachineCode.array(b),
        MachineCode.array(c),
        (long) aAt,
        (long) bAt,
        (long) cAt,
        (long) count);
  }
}
