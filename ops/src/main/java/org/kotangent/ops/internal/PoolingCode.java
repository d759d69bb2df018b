package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Place.at;
import static org.kotangent.ad.internal.Assembler.Register.R10;
import static org.kotangent.ad.internal.Assembler.Register.R11;
import static org.kotangent.ad.internal.Assembler.Register.R12;
import static org.kotangent.ad.internal.Assembler.Register.R8;
import static org.kotangent.ad.internal.Assembler.Register.R9;
import static org.kotangent.ad.internal.Assembler.Register.RAX;
import static org.kotangent.ad.internal.Assembler.Register.RBX;
import static org.kotangent.ad.internal.Assembler.Register.RCX;
import static org.kotangent.ad.internal.Assembler.Register.RDI;
import static org.kotangent.ad.internal.Assembler.Register.RDX;
import static org.kotangent.ad.internal.Assembler.Register.RSI;
import static org.kotangent.ad.internal.Assembler.Register.RSP;

import java.util.Arrays;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.Assembler.Ymm;
import org.kotangent.ad.internal.LaneAssembler;
import org.kotangent.ad.internal.LaneAssembler.Comparison;
import org.kotangent.ad.internal.LaneAssembler.Operation;

/**
 * The maximum of each window of {@link PairBlocks} and where in its plane it is, in machine code;
 * and the adjoint, which puts a number where the maximum was and zeros beside it.
 *
 * <p>Numbers of a block at even and at odd columns are parted; first the two of a row are compared,
 * then the two rows, so that of equal numbers the first stays. Lanes are in the order in which one
 * instruction parts them, two of each half in turns, until the end.
 *
 * <p>The function takes a plan, images, maxima and positions. Its fields: blocks of a plane, its
 * numbers and windows, a row of it; the columns of the windows of a block as lanes are, and in
 * their own order; as many ones, and the blocks.
 */
final class PoolingCode {
  static final PairBlocks BLOCKS = new PairBlocks(8);

  private static final int COUNT = 0;
  private static final int PLANE = 1;
  private static final int WINDOWS = 2;
  private static final int WIDTH = 3;
  private static final int COLUMNS = 4;
  private static final int WINDOW_COLUMNS = COLUMNS + 8;
  private static final int ONES = WINDOW_COLUMNS + 8;
  private static final int TABLE = ONES + 8;

  /** Every second column of two halves, as lanes are, and one half after the other. */
  private static final int[] LANES = {0, 2, 0, 2, 4, 6, 4, 6};

  private static final int[] WINDOW_LANES = {0, 2, 4, 6, 0, 2, 4, 6};

  /** Lanes of the second half, in bits. */
  private static final int SECOND = 0b11001100;

  private static final int WINDOW_SECOND = 0b11110000;

  /** Numbers at even columns, at odd ones, and lanes in the order of windows. */
  private static final int EVEN = 0x88;

  private static final int ODD = 0xDD;
  private static final int IN_ORDER = 0xD8;

  private static final int LOWER_HALVES = 0x20;
  private static final int UPPER_HALVES = 0x31;

  private static final Register X = RSI;
  private static final Register Y = RDX;
  private static final Register INDEX = RCX;
  private static final Register BLOCK = R8;

  /** Where the halves of a block are, and which windows they are. */
  private static final Register FIRST = R10;

  private static final Register LAST = R11;
  private static final Register RESULT = R12;

  /** A row of the image, in bytes. */
  private static final Register ROW = RBX;

  private final LaneAssembler code = new LaneAssembler(false);

  private PoolingCode() {}

  /** What the function is told of a shape. */
  static int[] plan(PoolShape s) {
    int[] blocks = BLOCKS.of(s);
    int[] plan = new int[TABLE + blocks.length];
    plan[COUNT] = blocks.length / PairBlocks.PLACES;
    plan[PLANE] = s.plane();
    plan[WINDOWS] = s.windows();
    plan[WIDTH] = s.width().in();
    System.arraycopy(LANES, 0, plan, COLUMNS, LANES.length);
    System.arraycopy(WINDOW_LANES, 0, plan, WINDOW_COLUMNS, WINDOW_LANES.length);
    Arrays.fill(plan, ONES, TABLE, 1);
    System.arraycopy(blocks, 0, plan, TABLE, blocks.length);
    return plan;
  }

  /** The function that finds maxima. */
  static LaneAssembler max() {
    var pooling = new PoolingCode();
    pooling.planes(COLUMNS, pooling::take);
    return pooling.code;
  }

  /** The adjoint: images are written, every number of a window. */
  static LaneAssembler adjoint() {
    var pooling = new PoolingCode();
    pooling.planes(WINDOW_COLUMNS, pooling::scatter);
    return pooling.code;
  }

  private static Place field(int place) {
    return at(RDI, place * Integer.BYTES);
  }

  private void planes(int columns, Runnable block) {
    int parameters = 3 * Long.BYTES; // Behind what was saved and where to return to.
    code.push(ROW);
    code.push(RESULT);
    code.lea(X, at(X, R8, Float.BYTES));
    code.lea(Y, at(Y, R9, Float.BYTES));
    code.mov(RAX, at(RSP, parameters));
    code.lea(INDEX, at(INDEX, RAX, Integer.BYTES));
    code.mov(R9, at(RSP, parameters + Long.BYTES));
    code.movsxd(ROW, field(WIDTH));
    code.shl(ROW, 2);
    code.vmovups(13, field(columns));
    code.vmovups(14, field(ONES));
    code.vpbroadcastd(15, field(WIDTH));
    code.repeat(
        R9,
        1,
        () -> {
          code.lea(BLOCK, field(TABLE));
          code.movsxd(RAX, field(COUNT));
          code.repeat(
              RAX,
              1,
              () -> {
                places();
                block.run();
                code.add(BLOCK, PairBlocks.PLACES * Integer.BYTES);
              });
          code.movsxd(R10, field(PLANE));
          code.lea(X, at(X, R10, Float.BYTES));
          code.movsxd(R10, field(WINDOWS));
          code.lea(Y, at(Y, R10, Float.BYTES));
          code.lea(INDEX, at(INDEX, R10, Integer.BYTES));
        });
    code.vzeroupper();
    code.pop(RESULT);
    code.pop(ROW);
    code.ret();
  }

  /** Where the halves of a block begin: FIRST and LAST, and in vectors 0 and 1 as positions. */
  private void places() {
    Place first = at(BLOCK, PairBlocks.FIRST * Integer.BYTES);
    Place second = at(BLOCK, PairBlocks.SECOND * Integer.BYTES);
    code.vpbroadcastd(0, first);
    code.vpbroadcastd(1, second);
    code.movsxd(FIRST, first);
    code.lea(FIRST, at(X, FIRST, Float.BYTES));
    code.movsxd(LAST, second);
    code.lea(LAST, at(X, LAST, Float.BYTES));
    code.movsxd(RESULT, at(BLOCK, PairBlocks.RESULT * Integer.BYTES));
  }

  private void take() {
    code.vblendps(0, 0, 1, SECOND);
    code.vpadd(0, 0, new Ymm(13));
    row(1, at(FIRST, 0), at(LAST, 0));
    code.vpadd(0, 0, new Ymm(15));
    row(5, at(FIRST, ROW, 1), at(LAST, ROW, 1));
    stays(9, 1, 5);
    code.vblendv(1, 5, new Ymm(1), 9);
    code.vblendv(2, 6, new Ymm(2), 9);
    code.vpermpd(1, 1, IN_ORDER);
    code.vpermpd(2, 2, IN_ORDER);
    code.vmovups(at(Y, RESULT, Float.BYTES), 1);
    code.vmovups(at(INDEX, RESULT, Integer.BYTES), 2);
  }

  private void scatter() {
    code.vblendps(0, 0, 1, WINDOW_SECOND);
    code.vpadd(0, 0, new Ymm(13));
    code.vmovups(1, at(INDEX, RESULT, Integer.BYTES));
    // A sum that begins with 0 has no negative zero.
    code.vzero(2);
    code.vop(Operation.ADD, 2, 2, at(Y, RESULT, Float.BYTES));
    scatterRow(at(FIRST, 0), at(LAST, 0));
    code.vpadd(0, 0, new Ymm(15));
    scatterRow(at(FIRST, ROW, 1), at(LAST, ROW, 1));
  }

  /**
   * Numbers at the positions in vector 0, and right of them, where vector 1 has these positions.
   */
  private void scatterRow(Place low, Place high) {
    code.vpcmpeqd(3, 0, 1);
    code.vop(Operation.AND, 3, 3, new Ymm(2));
    code.vpadd(4, 0, new Ymm(14));
    code.vpcmpeqd(4, 4, 1);
    code.vop(Operation.AND, 4, 4, new Ymm(2));
    code.vunpcklps(5, 3, 4);
    code.vunpckhps(6, 3, 4);
    code.vperm2f128(7, 5, 6, LOWER_HALVES);
    code.vperm2f128(8, 5, 6, UPPER_HALVES);
    code.vmovups(low, 7);
    code.vmovups(high, 8);
  }

  /** The larger ones of two neighbours, and where they are: vectors to and to + 1. */
  private void row(int to, Place low, Place high) {
    int even = to;
    int odd = to + 2;
    code.vmovups(to, low);
    code.vmovups(to + 1, high);
    code.vshufps(odd, to, to + 1, ODD);
    code.vshufps(even, to, to + 1, EVEN);
    stays(to + 3, even, odd);
    code.vblendv(to, odd, new Ymm(even), to + 3);
    // A mask that is set is −1.
    code.vpadd(to + 1, 0, new Ymm(14));
    code.vpadd(to + 1, to + 1, new Ymm(to + 3));
  }

  /** Where a is the maximum of the two in this order: not the smaller one, or NaN. */
  private void stays(int to, int a, int b) {
    code.vcmp(Comparison.NOT_LESS, to, a, new Ymm(b));
    code.vcmp(Comparison.UNORDERED, 12, a, new Ymm(a));
    code.vop(Operation.OR, to, to, new Ymm(12));
  }
}
