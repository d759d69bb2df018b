package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Condition.LESS;
import static org.kotangent.ad.internal.Assembler.Place.at;
import static org.kotangent.ad.internal.Assembler.Register.R10;
import static org.kotangent.ad.internal.Assembler.Register.R11;
import static org.kotangent.ad.internal.Assembler.Register.R12;
import static org.kotangent.ad.internal.Assembler.Register.R13;
import static org.kotangent.ad.internal.Assembler.Register.R8;
import static org.kotangent.ad.internal.Assembler.Register.R9;
import static org.kotangent.ad.internal.Assembler.Register.RAX;
import static org.kotangent.ad.internal.Assembler.Register.RBX;
import static org.kotangent.ad.internal.Assembler.Register.RCX;
import static org.kotangent.ad.internal.Assembler.Register.RDX;
import static org.kotangent.ad.internal.Assembler.Register.RSI;

import java.util.function.IntConsumer;
import org.kotangent.ad.internal.Assembler;
import org.kotangent.ad.internal.Assembler.Label;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.AvxAssembler;

/**
 * Copies factors to where a tile finds the terms of a vector one after another, in machine code:
 * to[v, k] = from[k, v], each v a vector of neighbouring numbers or, transposed, of numbers at
 * equal distances. What is not a whole vector or, transposed, a whole square is left to others.
 *
 * <p>The fields are places in the plan.
 */
final class NativePackingCode {
  /** Vectors, and terms of each. */
  static final int VECTORS = 0;

  static final int TERMS = 1;

  /** From one vector to the next, there and here. */
  static final int FROM_VECTOR = 2;

  static final int TO_VECTOR = 3;

  /** From one term to the next or, transposed, from one number of a vector to the next. */
  static final int FROM_STEP = 4;

  /** From one term to the next here. */
  static final int TO_STEP = 5;

  /** Numbers of a plan. */
  static final int SIZE = 6;

  private static final int VECTOR = NativeTileCode.VECTOR;

  /** Vectors that are copied together: two lines of the cache, or somewhat less. */
  private static final int TOGETHER = 4;

  /** Bytes of a line of the cache. */
  private static final int LINE = 64;

  /** Terms that are asked for ahead. */
  private static final int AHEAD = 8;

  private static final Register FROM = RSI;
  private static final Register TO = RDX;
  private static final Register STEP = R8;
  private static final Register FROM_HERE = R9;
  private static final Register TO_HERE = R10;
  private static final Register COUNT = R11;
  private static final Register TO_HERE_STEP = RBX;
  private static final Register FROM_VECTOR_STEP = R12;
  private static final Register TO_VECTOR_STEP = R13;
  private static final Register FREE = RAX;
  private static final Register TERM = RCX;

  private final boolean wide;
  private final int number;
  private final AvxAssembler code;
  private final PlanCode plan;

  private NativePackingCode(boolean wide) {
    this.wide = wide;
    this.number = wide ? Double.BYTES : Float.BYTES;
    this.code = new AvxAssembler(wide);
    this.plan = new PlanCode(code, number);
  }

  /** The code for vectors that follow each other in a row. */
  static Assembler rows(boolean wide) {
    var packing = new NativePackingCode(wide);
    packing.function(TOGETHER, packing::copy);
    return packing.code;
  }

  /** The code for vectors that are columns. */
  static Assembler columns(boolean wide) {
    var packing = new NativePackingCode(wide);
    packing.function(1, one -> packing.transpose());
    return packing.code;
  }

  private void function(int together, IntConsumer vectors) {
    code.push(TO_HERE_STEP);
    code.push(FROM_VECTOR_STEP);
    code.push(TO_VECTOR_STEP);
    code.lea(FROM, at(FROM, R8, number));
    code.lea(TO, at(TO, R9, number));
    plan.distance(STEP, FROM_STEP);
    plan.distance(TO_HERE_STEP, TO_STEP);
    plan.distance(FROM_VECTOR_STEP, FROM_VECTOR);
    plan.distance(TO_VECTOR_STEP, TO_VECTOR);
    code.movsxd(COUNT, plan.field(VECTORS));
    pass(together, vectors);
    if (together > 1) {
      pass(1, vectors);
    }
    code.vzeroupper();
    code.pop(TO_VECTOR_STEP);
    code.pop(FROM_VECTOR_STEP);
    code.pop(TO_HERE_STEP);
    code.ret();
  }

  /** Handles so many vectors at a time, while there are as many. */
  private void pass(int some, IntConsumer vectors) {
    code.repeat(
        COUNT,
        some,
        () -> {
          code.mov(FROM_HERE, FROM);
          code.mov(TO_HERE, TO);
          vectors.accept(some);
          for (int v = 0; v < some; v++) {
            code.add(FROM, FROM_VECTOR_STEP);
            code.add(TO, TO_VECTOR_STEP);
          }
        });
  }

  /** Several vectors together, which share lines of the cache. */
  private void copy(int vectors) {
    forEachTerm(
        1,
        () -> {
          // Rows are far apart, too far for the processor to look ahead by itself.
          for (int bytes = 0; bytes < vectors * VECTOR; bytes += LINE) {
            code.prefetch(at(FROM_HERE, STEP, AHEAD).plus(bytes));
          }
          code.mov(FREE, FROM_HERE);
          for (int v = 0; v < vectors; v++) {
            code.vmovups(v, at(FREE, 0));
            code.add(FREE, FROM_VECTOR_STEP);
          }
          code.mov(FREE, TO_HERE);
          for (int v = 0; v < vectors; v++) {
            code.vmovups(at(FREE, 0), v);
            code.add(FREE, TO_VECTOR_STEP);
          }
          code.add(FROM_HERE, STEP);
          code.add(TO_HERE, TO_HERE_STEP);
        });
  }

  /** Squares of as many terms as a vector has numbers. */
  private void transpose() {
    int lanes = VECTOR / number;
    forEachTerm(
        lanes,
        () -> {
          if (wide) {
            square4();
          } else {
            square8();
          }
          code.add(FROM_HERE, VECTOR);
        });
  }

  private void forEachTerm(int step, Runnable body) {
    code.clear(TERM);
    var next = new Label();
    code.bind(next);
    body.run();
    code.add(TERM, step);
    code.cmp32(TERM, plan.field(TERMS));
    code.jump(LESS, next);
  }

  private void square4() {
    load(0, 4);
    code.vunpcklpd(4, 0, 1);
    code.vunpckhpd(5, 0, 1);
    code.vunpcklpd(6, 2, 3);
    code.vunpckhpd(7, 2, 3);
    halves(0, 4, 6);
    halves(1, 5, 7);
    store(0, 1, 2, 3);
  }

  private void square8() {
    load(0, 8);
    for (int i = 0; i < 8; i += 2) { // pairs of rows: 0 1 a a' ...
      code.vunpcklps(8 + i, i, i + 1);
      code.vunpckhps(9 + i, i, i + 1);
    }
    for (int i = 0; i < 8; i += 4) { // groups of four rows
      code.vunpcklpd(i, 8 + i, 10 + i);
      code.vunpckhpd(i + 1, 8 + i, 10 + i);
      code.vunpcklpd(i + 2, 9 + i, 11 + i);
      code.vunpckhpd(i + 3, 9 + i, 11 + i);
    }
    for (int i = 0; i < 4; i++) {
      code.vperm2f128(8 + i, i, i + 4, 0x20);
      code.vperm2f128(12 + i, i, i + 4, 0x31);
    }
    store(8, 9, 10, 11, 12, 13, 14, 15);
  }

  /** Columns i and i + 2 of four rows, which are in halves of two vectors. */
  private void halves(int i, int upper, int lower) {
    code.vperm2f128(i, upper, lower, 0x20);
    code.vperm2f128(i + 2, upper, lower, 0x31);
  }

  /** Loads rows that begin at FROM_HERE. */
  private void load(int first, int rows) {
    code.mov(FREE, FROM_HERE);
    for (int row = 0; row < rows; row++) {
      code.vmovups(first + row, at(FREE, 0));
      code.add(FREE, STEP);
    }
  }

  private void store(int... vectors) {
    for (int vector : vectors) {
      code.vmovups(at(TO_HERE, 0), vector);
      code.add(TO_HERE, TO_HERE_STEP);
    }
  }
}
