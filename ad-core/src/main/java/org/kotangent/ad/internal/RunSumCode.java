package org.kotangent.ad.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.kotangent.ad.internal.Assembler.Place.at;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.kotangent.ad.internal.Assembler.Register;

/**
 * Sums of contiguous runs of single precision in machine code: number i of a run goes to sum i mod
 * 8, thirty-two numbers at a time by fours; the sums are added by halves, then what is left of the
 * run one by one.
 */
public final class RunSumCode {
  /** Numbers of a run that pay for a call. */
  private static final int WORTH = 16;

  /** Numbers that are added together, and those that make one of each sum. */
  private static final int LEAP = 32;

  private static final int STEP = 8;

  private static final Register X = Register.RDI;
  private static final Register SUMS = Register.RSI;
  private static final Register FROM = Register.RDX;
  private static final Register LENGTH = Register.RCX;
  private static final Register RUNS = Register.R8;
  private static final Register FIRST = Register.R9;
  private static final Register LEFT = Register.RAX;

  /** Holds the code, which is made on first use. */
  private static final class Made {
    static final MethodHandle CALL =
        MachineCode.caller(
            FunctionDescriptor.ofVoid(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    static final MemorySegment CODE = MachineCode.function(code());
  }

  private RunSumCode() {}

  /** Whether it is there, and runs of so many numbers are long enough for it. */
  public static boolean isWorth(int length) {
    return length >= WORTH && Provider.chosen() == Provider.NATIVE;
  }

  /**
   * Adds the sums of runs that follow each other, each to a number of its own. Nothing checks
   * bounds.
   *
   * @param from where the first run begins
   * @param length numbers of a run
   * @param runs how many runs
   * @param sums where sums are added, from {@code first} on
   */
  public static void add(float[] x, int from, int length, int runs, double[] sums, int first) {
    try {
      Made.CALL.invokeExact(
          Made.CODE,
          MemorySegment.ofArray(x),
          MemorySegment.ofArray(sums),
          (long) from,
          (long) length,
          (long) runs,
          (long) first);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code: the call failed", e);
    }
  }

  private static byte[] code() {
    var code = new AvxAssembler(true);
    code.lea(X, at(X, FROM, Float.BYTES));
    code.lea(SUMS, at(SUMS, FIRST, Double.BYTES));
    Runnable run =
        () -> {
          code.vzero(0);
          code.vzero(1);
          code.mov(LEFT, LENGTH);
          code.repeat(LEFT, LEAP, () -> leap(code));
          code.repeat(LEFT, STEP, () -> step(code));
          code.vaddpd(0, 0, 1);
          code.vperm2f128(1, 0, 0, 1);
          code.vaddpd(0, 0, 1);
          code.vunpckhpd(1, 0, 0);
          code.vaddpd(0, 0, 1);
          code.repeat(
              LEFT,
              1,
              () -> {
                code.vcvtss2sd(1, at(X, 0));
                code.vaddsd(0, 0, 1);
                code.add(X, Float.BYTES);
              });
          code.vaddsd(0, 0, at(SUMS, 0));
          code.vmovsd(at(SUMS, 0), 0);
          code.add(SUMS, Double.BYTES);
        };
    code.repeat(RUNS, 1, run);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  /** Vectors 0 and 1 are the sums; those of the next four numbers of each are in 2 to 9. */
  private static void leap(AvxAssembler code) {
    for (int v = 0; v < 8; v++) {
      code.vcvtps2pd(2 + v, at(X, v * 4 * Float.BYTES));
    }
    for (int half = 0; half < 2; half++) {
      int first = 2 + half;
      code.vaddpd(first, first, first + 2);
      code.vaddpd(first + 4, first + 4, first + 6);
      code.vaddpd(first, first, first + 4);
      code.vaddpd(half, half, first);
    }
    code.add(X, LEAP * Float.BYTES);
  }

  private static void step(AvxAssembler code) {
    for (int half = 0; half < 2; half++) {
      code.vcvtps2pd(2 + half, at(X, half * 4 * Float.BYTES));
      code.vaddpd(half, half, 2 + half);
    }
    code.add(X, STEP * Float.BYTES);
  }
}
