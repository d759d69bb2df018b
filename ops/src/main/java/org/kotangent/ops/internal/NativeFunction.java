package org.kotangent.ops.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.kotangent.ad.internal.Assembler;
import org.kotangent.ad.internal.MachineCode;

/**
 * A function in machine code that works on three arrays as a plan says. Nothing checks bounds:
 * whoever makes a plan answers for it.
 */
final class NativeFunction {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(
          ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final ConcurrentHashMap<List<Class<?>>, MethodHandle> CALLERS =
      new ConcurrentHashMap<>();

  private final MemorySegment code;

  // Not a constant to the JIT compiler: see MachineCode.caller.
  private final MethodHandle call;

  /** A function of three arrays of some types. */
  NativeFunction(Assembler code, Class<?> a, Class<?> b, Class<?> c) {
    this.code = MachineCode.function(code.code());
    this.call = CALLERS.computeIfAbsent(List.of(a, b, c), NativeFunction::caller);
  }

  /** Calls a function on a plan and arrays that are given as objects. */
  private static MethodHandle caller(List<Class<?>> types) {
    MethodHandle caller =
        MachineCode.caller(TYPE, int[].class, types.get(0), types.get(1), types.get(2));
    MethodType type = caller.type();
    for (int i = 2; i < 2 + types.size(); i++) {
      type = type.changeParameterType(i, Object.class);
    }
    return caller.asType(type);
  }

  /**
   * Calls it.
   *
   * @param plan sizes, distances and tables
   * @param a the first array
   * @param aAt where its part begins
   * @param count how often to do it
   */
  void run(int[] plan, Object a, int aAt, Object b, int bAt, Object c, int cAt, int count) {
    try {
      call.invokeExact(code, plan, a, b, c, (long) aAt, (long) bAt, (long) cAt, (long) count);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code: the call failed", e);
    }
  }
}
