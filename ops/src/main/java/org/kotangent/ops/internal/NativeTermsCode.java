package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Condition.LESS;
import static org.kotangent.ad.internal.Assembler.Condition.NOT_EQUAL;
import static org.kotangent.ad.internal.Assembler.Place.at;
import static org.kotangent.ops.internal.TileRegisters.A;
import static org.kotangent.ops.internal.TileRegisters.A3;
import static org.kotangent.ops.internal.TileRegisters.A_ACROSS;
import static org.kotangent.ops.internal.TileRegisters.A_DOWN;
import static org.kotangent.ops.internal.TileRegisters.B;
import static org.kotangent.ops.internal.TileRegisters.B_AT;
import static org.kotangent.ops.internal.TileRegisters.FREE;
import static org.kotangent.ops.internal.TileRegisters.MASK;
import static org.kotangent.ops.internal.TileRegisters.MASKS;
import static org.kotangent.ops.internal.TileRegisters.TERM;

import org.kotangent.ad.internal.Assembler.Label;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.AvxAssembler;
import org.kotangent.ops.internal.NativeTileCode.Terms;

/**
 * The terms of a tile of {@link NativeTileCode} in machine code: loads the vectors of b, then adds
 * the products with each row of a.
 */
final class NativeTermsCode {
  private final AvxAssembler code;
  private final PlanCode plan;
  private final Terms terms;
  private final boolean masked;
  private final int number;

  NativeTermsCode(AvxAssembler code, PlanCode plan, Terms terms, boolean masked, int number) {
    this.code = code;
    this.plan = plan;
    this.terms = terms;
    this.masked = masked;
    this.number = number;
  }

  /** Adds all terms of a tile of so many rows and vectors, which begin at A and B. */
  void add(int rows, int vectors) {
    switch (terms) {
      case SPACED -> spaced(rows, vectors);
      case LISTED -> listed(rows, vectors);
      case VECTORS -> ofVectors(rows, vectors);
    }
  }

  private void spaced(int rows, int vectors) {
    plan.distance(FREE, TilePlan.B_ACROSS);
    plan.distance(A_ACROSS, TilePlan.A_ACROSS);
    lowerRows(rows);
    code.clear(B_AT);
    code.movsxd(TERM, plan.field(TilePlan.TERMS));
    var next = new Label();
    code.bind(next);
    right(rows, vectors, v -> at(B.get(v), B_AT, 1));
    left(rows, vectors);
    code.add(B_AT, FREE);
    nextOfA(rows);
    code.sub(TERM, 1);
    code.jump(NOT_EQUAL, next);
  }

  private void listed(int rows, int vectors) {
    plan.tableTo(B_AT, TilePlan.B_TERMS);
    plan.distance(A_ACROSS, TilePlan.A_ACROSS);
    lowerRows(rows);
    forEachTerm(() -> {
      code.movsxd(FREE, at(B_AT, TERM, Integer.BYTES));
      right(rows, vectors, v -> at(B.get(v), FREE, number));
      left(rows, vectors);
      nextOfA(rows);
    });
  }

  private void ofVectors(int rows, int vectors) {
    plan.tableTo(B_AT, TilePlan.B_TERMS);
    plan.tableTo(A_ACROSS, TilePlan.A_TERMS);
    code.mov(MASKS, A);
    if (masked) {
      plan.tableTo(FREE, TilePlan.MASKS);
      code.vmovups(MASK, at(FREE, 0));
    }
    forEachTerm(() -> {
      code.movsxd(FREE, at(A_ACROSS, TERM, Integer.BYTES));
      code.lea(A, at(MASKS, FREE, number));
      lowerRows(rows);
      code.movsxd(FREE, at(B_AT, TERM, Integer.BYTES));
      right(rows, vectors, v -> at(B.get(v), FREE, number));
      left(rows, vectors);
    });
  }

  private void forEachTerm(Runnable body) {
    code.clear(TERM);
    var next = new Label();
    code.bind(next);
    body.run();
    code.add(TERM, 1);
    code.cmp32(TERM, plan.field(TilePlan.TERMS));
    code.jump(LESS, next);
  }

  /** Where the number of a vector is. */
  private interface OfVector {
    Place at(int vector);
  }

  /** Loads the vectors of b. */
  private void right(int rows, int vectors, OfVector from) {
    for (int v = 0; v < vectors; v++) {
      int to = rows * vectors + v;
      if (!masked) {
        code.vmovups(to, from.at(v));
      } else {
        if (terms != Terms.VECTORS) {
          code.vmovups(MASK, at(MASKS, v * NativeTileCode.VECTOR));
        }
        code.vmaskmov(to, MASK, from.at(v));
      }
    }
  }

  /** Adds the products with the rows of a. */
  private void left(int rows, int vectors) {
    int factor = (rows + 1) * vectors;
    for (int r = 0; r < rows; r++) {
      Register base = r < 3 ? A : A3;
      Place from = r % 3 == 0 ? at(base, 0) : at(base, A_DOWN, r % 3);
      if (terms != Terms.VECTORS) {
        code.vbroadcast(factor, from);
      } else if (masked) {
        code.vmaskmov(factor, MASK, from);
      } else {
        code.vmovups(factor, from);
      }
      for (int v = 0; v < vectors; v++) {
        code.vfmadd231(r * vectors + v, factor, rows * vectors + v);
      }
    }
  }

  /** The fourth row begins three rows below the first. */
  private void lowerRows(int rows) {
    if (rows > 3) {
      code.lea(A3, at(A, A_DOWN, 2));
      code.add(A3, A_DOWN);
    }
  }

  private void nextOfA(int rows) {
    code.add(A, A_ACROSS);
    if (rows > 3) {
      code.add(A3, A_ACROSS);
    }
  }
}
