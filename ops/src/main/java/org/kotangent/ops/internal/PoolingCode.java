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
import static org.kotangent.ad.internal.Assembler.Register.RSP;

import java.util.Arrays;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.Assembler.Ymm;
import org.kotangent.ad.internal.LaneAssembler;
import org.kotangent.ad.internal.LaneAssembler.Comparison;
import org.kotangent.ad.internal.LaneAssembler.Operation;

/**
 * The maximum of each window of {@link PairBlocks} and where in its plane it is, in machine code.
 *
 * <p>Numbers of a block at even and at odd columns are parted; first the two of a row are compared,
 * then the two rows, so that of equal numbers the first stays. Lanes are in the order in which one
 * instruction parts them, two of each half in turns, until the end.
 *
 * <p>The function takes a plan, images, maxima and positions. Its fields: blocks of a plane, its
 * numbers and windows, a row of it; the columns of the windows of a block as lanes are, as many
 * ones, and the blocks.
 */
final class PoolingCode {
  static final PairBlocks BLOCKS = new PairBlocks(8);

  private static final int COUNT = 0;
  private static final int PLANE = 1;
  private static final int WINDOWS = 2;
  private static final int WIDTH = 3;
  private static final int COLUMNS = 4;
  private static final int ONES = COLUMNS + 8;
  private static final int TABLE = ONES + 8;

  /** What is two columns on, as lanes are. */
  private static final int[] LANES = {0, 2, 0, 2, 4, 6, 4, 6};

  /** Lanes of the second half, in bits. */
  private static final int SECOND = 0b11001100;

  /** Numbers at even columns, at odd ones, and lanes in the order of windows. */
  private static final int EVEN = 0x88;

  private static final int ODD = 0xDD;
  private static final int IN_ORDER = 0xD8;

  private static final Register X = RSI;
  private static final Register Y = RDX;
  private static final Register INDEX = RCX;
  private static final Register BLOCK = R8;

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
    Arrays.fill(plan, ONES, TABLE, 1);
    System.arraycopy(blocks, 0, plan, TABLE, blocks.length);
    return plan;
  }

  /** The function. */
  static LaneAssembler function() {
    var pooling = new PoolingCode();
    pooling.planes();
    return pooling.code;
  }

  private static Place field(int place) {
    return at(RDI, place * Integer.BYTES);
  }

  private void planes() {
    int parameters = 2 * Long.BYTES; // Behind what was saved and where to return to.
    code.push(ROW);
    code.lea(X, at(X, R8, Float.BYTES));
    code.lea(Y, at(Y, R9, Float.BYTES));
    code.mov(RAX, at(RSP, parameters));
    code.lea(INDEX, at(INDEX, RAX, Integer.BYTES));
    code.mov(R9, at(RSP, parameters + Long.BYTES));
    code.movsxd(ROW, field(WIDTH));
    code.shl(ROW, 2);
    code.vmovups(13, field(COLUMNS));
    code.vmovups(14, field(ONES));
    code.vpbroadcastd(15, field(WIDTH));
    code.repeat(
        R9,
        1,
        () -> {
          code.lea(BLOCK, field(TABLE));
          code.movsxd(RAX, field(COUNT));
          code.repeat(RAX, 1, this::block);
          code.movsxd(R10, field(PLANE));
          code.lea(X, at(X, R10, Float.BYTES));
          code.movsxd(R10, field(WINDOWS));
          code.lea(Y, at(Y, R10, Float.BYTES));
          code.lea(INDEX, at(INDEX, R10, Integer.BYTES));
        });
    code.vzeroupper();
    code.pop(ROW);
    code.ret();
  }

  private void block() {
    Place first = at(BLOCK, PairBlocks.FIRST * Integer.BYTES);
    Place second = at(BLOCK, PairBlocks.SECOND * Integer.BYTES);
    code.movsxd(R10, first);
    code.lea(R10, at(X, R10, Float.BYTES));
    code.movsxd(R11, second);
    code.lea(R11, at(X, R11, Float.BYTES));
    code.vpbroadcastd(0, first);
    code.vpbroadcastd(1, second);
    code.vblendps(0, 0, 1, SECOND);
    code.vpadd(0, 0, new Ymm(13));
    row(1, at(R10, 0), at(R11, 0));
    code.vpadd(0, 0, new Ymm(15));
    row(5, at(R10, ROW, 1), at(R11, ROW, 1));
    stays(9, 1, 5);
    code.vblendv(1, 5, new Ymm(1), 9);
    code.vblendv(2, 6, new Ymm(2), 9);
    code.vpermpd(1, 1, IN_ORDER);
    code.vpermpd(2, 2, IN_ORDER);
    code.movsxd(R10, at(BLOCK, PairBlocks.RESULT * Integer.BYTES));
    code.vmovups(at(Y, R10, Float.BYTES), 1);
    code.vmovups(at(INDEX, R10, Integer.BYTES), 2);
    code.add(BLOCK, PairBlocks.PLACES * Integer.BYTES);
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
