package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Place.at;
import static org.kotangent.ad.internal.Assembler.Register.R10;
import static org.kotangent.ad.internal.Assembler.Register.R11;
import static org.kotangent.ad.internal.Assembler.Register.R8;
import static org.kotangent.ad.internal.Assembler.Register.R9;
import static org.kotangent.ad.internal.Assembler.Register.RAX;
import static org.kotangent.ad.internal.Assembler.Register.RBX;
import static org.kotangent.ad.internal.Assembler.Register.RCX;
import static org.kotangent.ad.internal.Assembler.Register.RDI;
import static org.kotangent.ad.internal.Assembler.Register.RDX;
import static org.kotangent.ad.internal.Assembler.Register.RSI;

import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.Assembler.Ymm;
import org.kotangent.ad.internal.LaneAssembler;
import org.kotangent.ad.internal.LaneAssembler.Operation;
import org.kotangent.ad.internal.LaneAssembler.Product;

/**
 * Two sums for each channel of numbers of single precision, in machine code and in double: Σ(x − s)
 * and Σ(x − s)², or Σv and Σ(x − s)·v. Where channels have runs of numbers, number i of a run goes
 * to sum i mod 16, what is left of sixteens to sum i mod 4, what is left of these to the first, and
 * the sums are added by halves; where each example has one number of every channel, channels are
 * lanes.
 *
 * <p>The function takes a plan, the arrays x and v, and an array of the sums to which is added, the
 * second ones behind the first, and s behind these. The fields are places in the plan.
 */
final class ChannelSumCode {
  static final int EXAMPLES = 0;
  static final int CHANNELS = 1;

  /** Numbers of a channel in one example. */
  static final int SIZE = 2;

  /** How many fields there are. */
  static final int FIELDS = 3;

  /** Doubles in a vector, and vectors that are added at a time, so that none waits for another. */
  private static final int LANES = 4;

  private static final int TOGETHER = 4;

  private static final int VECTOR = LANES * Double.BYTES;

  /** Bytes of as many numbers of single precision. */
  private static final int STEP = LANES * Float.BYTES;

  private static final Register X = RSI;
  private static final Register V = RDX;

  /** Where the first sum of the channel is; the second is SECOND further on, s twice as far. */
  private static final Register SUMS = RCX;

  private static final Register SECOND = RBX;

  /** Vectors: first sums, second sums, s, and those of the numbers. */
  private static final int FIRST_SUM = 0;

  private static final int SECOND_SUM = 4;
  private static final int CENTRE = 8;
  private static final int FREE = 12;

  private final LaneAssembler code = new LaneAssembler(true);
  private final boolean products;

  private ChannelSumCode(boolean products) {
    this.products = products;
  }

  /** For channels that have runs of numbers. */
  static LaneAssembler ofRuns(boolean products) {
    var sums = new ChannelSumCode(products);
    sums.runs();
    return sums.code;
  }

  /** For examples that have one number of each channel. */
  static LaneAssembler ofRows(boolean products) {
    var sums = new ChannelSumCode(products);
    sums.rows();
    return sums.code;
  }

  private void enter() {
    code.push(SECOND);
    code.lea(X, at(X, R8, Float.BYTES));
    code.lea(V, at(V, R9, Float.BYTES));
    code.movsxd(SECOND, at(RDI, CHANNELS * Integer.BYTES));
    code.shl(SECOND, 3);
  }

  private void leave() {
    code.vzeroupper();
    code.pop(SECOND);
    code.ret();
  }

  private void runs() {
    Register examples = R8;
    Register channels = R9;
    Register left = R10;
    enter();
    code.movsxd(examples, at(RDI, EXAMPLES * Integer.BYTES));
    code.repeat(
        examples,
        1,
        () -> {
          code.movsxd(channels, at(RDI, CHANNELS * Integer.BYTES));
          code.repeat(channels, 1, () -> run(left));
          code.sub(SUMS, SECOND);
        });
    leave();
  }

  private void run(Register left) {
    for (int v = 0; v < TOGETHER; v++) {
      code.vzero(FIRST_SUM + v);
      code.vzero(SECOND_SUM + v);
    }
    code.vbroadcast(CENTRE, centre());
    code.vmovsd(CENTRE + 1, centre());
    code.movsxd(left, at(RDI, SIZE * Integer.BYTES));
    for (int vectors : new int[] {TOGETHER, 1}) {
      code.repeat(
          left,
          vectors * LANES,
          () -> {
            for (int v = 0; v < vectors; v++) {
              load(v, X, V);
              add(v, CENTRE);
            }
            advance(X, V, vectors * STEP);
          });
    }
    code.repeat(
        left,
        1,
        () -> {
          loadOne(X, V);
          add(0, CENTRE + 1);
          advance(X, V, Float.BYTES);
        });
    addToSum(FIRST_SUM, at(SUMS, 0));
    addToSum(SECOND_SUM, at(SUMS, SECOND, 1));
    code.add(SUMS, Double.BYTES);
  }

  private Place centre() {
    return at(SUMS, SECOND, 2);
  }

  private void advance(Register x, Register v, int bytes) {
    code.add(x, bytes);
    if (products) {
      code.add(v, bytes);
    }
  }

  /** Numbers of x, and of v, as doubles. */
  private void load(int vector, Register x, Register v) {
    code.vcvtps2pd(FREE, at(x, vector * STEP));
    if (products) {
      code.vcvtps2pd(FREE + 1, at(v, vector * STEP));
    }
  }

  /** The same of one number, with zeros beside it. */
  private void loadOne(Register x, Register v) {
    code.vzero(FREE);
    code.vcvtss2sd(FREE, at(x, 0));
    if (products) {
      code.vzero(FREE + 1);
      code.vcvtss2sd(FREE + 1, at(v, 0));
    }
  }

  /** Adds what was loaded to the sums of a vector. */
  private void add(int vector, int centre) {
    int first = FIRST_SUM + vector;
    int factor = products ? FREE + 1 : FREE;
    code.vop(Operation.SUB, FREE, FREE, new Ymm(centre));
    code.vop(Operation.ADD, first, first, new Ymm(factor));
    code.vfma(Product.LAST_TWO, SECOND_SUM + vector, FREE, new Ymm(factor));
  }

  /** Adds the lanes of four vectors by halves, and all to a number in memory. */
  private void addToSum(int vector, Place sum) {
    code.vaddpd(vector, vector, vector + 2);
    code.vaddpd(vector + 1, vector + 1, vector + 3);
    code.vaddpd(vector, vector, vector + 1);
    code.vperm2f128(FREE, vector, vector, 1);
    code.vaddpd(vector, vector, FREE);
    code.vunpckhpd(FREE, vector, vector);
    code.vaddpd(vector, vector, FREE);
    code.vaddsd(vector, vector, sum);
    code.vmovsd(sum, vector);
  }

  private void rows() {
    Register left = R10;
    enter();
    code.movsxd(left, at(RDI, CHANNELS * Integer.BYTES));
    for (int vectors : new int[] {TOGETHER, 1}) {
      code.repeat(left, vectors * LANES, () -> columns(vectors));
    }
    code.repeat(left, 1, this::column);
    leave();
  }

  /** Sums of some channels that are neighbours. */
  private void columns(int vectors) {
    for (int v = 0; v < vectors; v++) {
      code.vmovups(FIRST_SUM + v, at(SUMS, v * VECTOR));
      code.vmovups(SECOND_SUM + v, at(SUMS, SECOND, 1).plus(v * VECTOR));
      code.vmovups(CENTRE + v, centre().plus(v * VECTOR));
    }
    forEachRow(() -> {
      for (int v = 0; v < vectors; v++) {
        load(v, RAX, R8);
        add(v, CENTRE + v);
      }
    });
    for (int v = 0; v < vectors; v++) {
      code.vmovups(at(SUMS, v * VECTOR), FIRST_SUM + v);
      code.vmovups(at(SUMS, SECOND, 1).plus(v * VECTOR), SECOND_SUM + v);
    }
    advance(X, V, vectors * STEP);
    code.add(SUMS, vectors * VECTOR);
  }

  private void column() {
    code.vmovsd(FIRST_SUM, at(SUMS, 0));
    code.vmovsd(SECOND_SUM, at(SUMS, SECOND, 1));
    code.vmovsd(CENTRE, centre());
    forEachRow(() -> {
      loadOne(RAX, R8);
      add(0, CENTRE);
    });
    code.vmovsd(at(SUMS, 0), FIRST_SUM);
    code.vmovsd(at(SUMS, SECOND, 1), SECOND_SUM);
    advance(X, V, Float.BYTES);
    code.add(SUMS, Double.BYTES);
  }

  /** Walks down the examples; RAX and R8 are where the numbers of x and v are. */
  private void forEachRow(Runnable row) {
    Register examples = R9;
    Register distance = R11;
    code.mov(RAX, X);
    code.mov(R8, V);
    code.movsxd(distance, at(RDI, CHANNELS * Integer.BYTES));
    code.shl(distance, 2);
    code.movsxd(examples, at(RDI, EXAMPLES * Integer.BYTES));
    code.repeat(
        examples,
        1,
        () -> {
          row.run();
          code.add(RAX, distance);
          code.add(R8, distance);
        });
  }
}
