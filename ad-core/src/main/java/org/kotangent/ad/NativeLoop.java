package org.kotangent.ad;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.kotangent.ad.internal.LoopCode;
import org.kotangent.ad.internal.MachineCode;

/** A loop in machine code. Nothing checks bounds: operands and results are as long as it reads. */
final class NativeLoop implements Loop {
  /** How many arrays a call passes: as many as most loops have, and the most there may be. */
  private static final int FEW = 4;

  private static final int SOME = 8;
  private static final int MOST = 16;

  private static final float[] NO_FLOATS = {};
  private static final double[] NO_DOUBLES = {};

  /** What passes so many arrays of a type. */
  private record Passing(Class<?> array, int count) {}

  private static final ConcurrentHashMap<Passing, MethodHandle> CALLERS = new ConcurrentHashMap<>();

  private final MemorySegment code;
  private final int arrays;

  /** Stands where there are fewer arrays than a call passes. */
  private final Object none;

  // Not a constant to the JIT compiler: a call is compiled once, and not wherever there is one.
  private final MethodHandle call;

  private NativeLoop(DType number, int arrays, MemorySegment code) {
    this.code = code;
    this.arrays = arrays;
    this.none = number == DType.F64 ? NO_DOUBLES : NO_FLOATS;
    var passing = new Passing(none.getClass(), arrays <= FEW ? FEW : arrays <= SOME ? SOME : MOST);
    this.call = CALLERS.computeIfAbsent(passing, NativeLoop::caller);
  }

  /** The loop for the key, if it can be written. */
  static Optional<Loop> of(LoopCompiler.Key key) {
    int operands = key.operands().size();
    int arrays = operands + key.bodies().size();
    boolean fits =
        arrays <= MOST
            && key.operands().stream().allMatch(type -> type == key.number())
            && key.bodies().stream().noneMatch(NativeLoop::isCondition)
            && LoopCode.handles(key.number(), key.bodies());
    return fits
        ? LoopCode.of(key.number(), key.bodies(), operands, key.single(), key.shifted())
            .map(code -> new NativeLoop(key.number(), arrays, code))
        : Optional.empty();
  }

  private static boolean isCondition(Expr e) {
    return e instanceof Expr.Apply apply && apply.op().isCondition();
  }

  /** Calls a loop on places, steps, four numbers, and arrays that are given as objects. */
  private static MethodHandle caller(Passing passing) {
    List<MemoryLayout> parameters = new ArrayList<>(Collections.nCopies(2, ADDRESS));
    parameters.addAll(Collections.nCopies(4, JAVA_LONG));
    parameters.addAll(Collections.nCopies(passing.count, ADDRESS));
    List<Class<?>> types = new ArrayList<>(Collections.nCopies(2, int[].class));
    types.addAll(Collections.nCopies(passing.count, passing.array));
    MethodHandle caller =
        MachineCode.caller(
            FunctionDescriptor.ofVoid(parameters.toArray(MemoryLayout[]::new)),
            types.toArray(Class<?>[]::new));
    MethodType exact = caller.type();
    int first = exact.parameterCount() - passing.count;
    return caller.asType(
        exact
            .dropParameterTypes(first, exact.parameterCount())
            .appendParameterTypes(Collections.nCopies(passing.count, Object.class)));
  }

  @Override
  public void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch) {
    try {
      if (arrays <= FEW) {
        call.invokeExact(
            code,
            at,
            step,
            (long) from,
            (long) length,
            (long) rows,
            (long) pitch,
            array(0, in, out),
            array(1, in, out),
            array(2, in, out),
            array(3, in, out));
      } else if (arrays <= SOME) {
        call.invokeExact(
            code,
            at,
            step,
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
      } else {
        call.invokeExact(
            code,
            at,
            step,
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
    } catch (Throwable e) {
      throw new IllegalStateException("machine code: the call failed", e);
    } finally {
      Reference.reachabilityFence(this); // What nobody can reach is unmapped.
    }
  }

  /** Operands, then results, then none. */
  private Object array(int k, Object[] in, Object[] out) {
    if (k < in.length) {
      return in[k];
    }
    return k < arrays ? out[k - in.length] : none;
  }
}
