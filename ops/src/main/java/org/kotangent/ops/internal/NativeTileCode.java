package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Condition.EQUAL;
import static org.kotangent.ad.internal.Assembler.Condition.NOT_EQUAL;
import static org.kotangent.ad.internal.Assembler.Condition.NOT_LESS;
import static org.kotangent.ad.internal.Assembler.Place.at;
import static org.kotangent.ad.internal.Assembler.Register.R12;
import static org.kotangent.ad.internal.Assembler.Register.R13;
import static org.kotangent.ad.internal.Assembler.Register.R14;
import static org.kotangent.ad.internal.Assembler.Register.R15;
import static org.kotangent.ad.internal.Assembler.Register.R8;
import static org.kotangent.ad.internal.Assembler.Register.R9;
import static org.kotangent.ad.internal.Assembler.Register.RAX;
import static org.kotangent.ad.internal.Assembler.Register.RBP;
import static org.kotangent.ad.internal.Assembler.Register.RBX;
import static org.kotangent.ad.internal.Assembler.Register.RCX;
import static org.kotangent.ad.internal.Assembler.Register.RDX;
import static org.kotangent.ad.internal.Assembler.Register.RSI;
import static org.kotangent.ad.internal.Assembler.Register.RSP;
import static org.kotangent.ops.internal.TileRegisters.A;
import static org.kotangent.ops.internal.TileRegisters.A_DOWN;
import static org.kotangent.ops.internal.TileRegisters.B;
import static org.kotangent.ops.internal.TileRegisters.C;
import static org.kotangent.ops.internal.TileRegisters.C_DOWN;
import static org.kotangent.ops.internal.TileRegisters.FREE;
import static org.kotangent.ops.internal.TileRegisters.MASK;
import static org.kotangent.ops.internal.TileRegisters.MASKS;

import java.util.function.IntConsumer;
import org.kotangent.ad.internal.Assembler;
import org.kotangent.ad.internal.Assembler.Label;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.AvxAssembler;
import org.kotangent.ad.internal.AvxAssembler.Vectors;
import org.kotangent.ad.internal.MachineCode;

/**
 * Sums of products in machine code, as a {@link TilePlan} says: c[r, v] += Σₖ a[k, r]·b[k, v], each
 * v a vector of neighbouring numbers, wherever rows, terms and vectors are.
 *
 * <p>A tile of sums stays in registers: six rows of two vectors or, where there are thirty-two
 * registers, of four; fewer rows of more. The vectors of b that belong to a tile pass all tiles of
 * rows before the next ones. Each sum adds its terms in order, product and addition rounded once.
 */
final class NativeTileCode {
  /** How terms follow each other. */
  enum Terms {
    /** A number of a for all lanes; the terms of b are at equal distances. */
    SPACED,
    /** A number of a for all lanes; the terms of b are where a table says. */
    LISTED,
    /** A vector of a, so that each lane is a sum of its own; a and b where tables say. */
    VECTORS
  }

  /** Rows of a tile. */
  static final int ROWS = 6;

  /** Bytes of a vector but for a large one. */
  static final int VECTOR = 32;

  /** Registers that belong to the caller. */
  private static final Register[] KEPT = {RBX, RBP, R12, R13, R14, R15};

  /** What has no register: the arrays, where we are in them, and tables. */
  private static final Place A_BASE = local(0);

  private static final Place B_BASE = local(1);
  private static final Place C_BASE = local(2);
  private static final Place C_NOW = local(3);
  private static final Place TILE = local(4);
  private static final Place ROWS_LEFT = local(5);
  private static final Place COLUMN = local(6);
  private static final Place REPETITION = local(7);
  private static final Place B_PLACES = local(8);
  private static final Place C_PLACES = local(9);

  private static final int FRAME = 10 * Long.BYTES;

  /** The arguments that are on the stack: behind the frame, what is kept and the way back. */
  private static final Place C_AT = at(RSP, FRAME + (KEPT.length + 1) * Long.BYTES);

  private static final Place COUNT = C_AT.plus(Long.BYTES);

  private final Terms terms;
  private final boolean masked;
  private final int number;
  private final Vectors kind;
  private final AvxAssembler code;
  private final PlanCode plan;
  private final NativeTermsCode sums;

  private NativeTileCode(boolean wide, Terms terms, boolean masked, Vectors kind) {
    this.terms = terms;
    this.masked = masked;
    this.number = wide ? Double.BYTES : Float.BYTES;
    this.kind = kind;
    this.code = new AvxAssembler(wide, kind);
    this.plan = new PlanCode(code, number);
    this.sums = new NativeTermsCode(code, plan, terms, masked, number);
  }

  /**
   * The code.
   *
   * @param wide whether numbers are doubles
   * @param masked whether vectors have masks: those of b and c, or that of all terms
   */
  static Assembler of(boolean wide, Terms terms, boolean masked) {
    boolean later = MachineCode.hasAvx512() && !masked;
    Vectors kind = later ? Vectors.AVX512VL : Vectors.AVX2;
    return new NativeTileCode(wide, terms, masked, kind).function();
  }

  /** The code for vectors twice as long, without masks. */
  static Assembler large(boolean wide) {
    return new NativeTileCode(wide, Terms.SPACED, false, Vectors.AVX512F).function();
  }

  private Assembler function() {
    for (Register register : KEPT) {
      code.push(register);
    }
    code.sub(RSP, FRAME);
    // The arguments are in RDI (the plan), RSI, RDX, RCX, R8, R9 and on the stack.
    code.lea(RSI, at(RSI, R8, number));
    code.mov(A_BASE, RSI);
    code.lea(RDX, at(RDX, R9, number));
    code.mov(B_BASE, RDX);
    code.mov(RAX, C_AT);
    code.lea(RCX, at(RCX, RAX, number));
    code.mov(C_BASE, RCX);
    table(B_PLACES, TilePlan.B_VECTORS);
    table(C_PLACES, TilePlan.C_VECTORS);
    plan.distance(A_DOWN, TilePlan.A_DOWN);
    plan.distance(C_DOWN, TilePlan.C_DOWN);
    code.clear(RAX);
    code.mov(REPETITION, RAX);
    var again = new Label();
    var done = new Label();
    code.bind(again);
    code.mov(RAX, REPETITION);
    code.cmp(RAX, COUNT);
    code.jump(NOT_LESS, done);
    plan.tableTo(FREE, TilePlan.C_AGAIN);
    code.movsxd(FREE, at(FREE, RAX, Integer.BYTES));
    code.mov(C, C_BASE);
    code.lea(C, at(C, FREE, number));
    code.mov(C_NOW, C);
    wholes();
    rests();
    advance(A_BASE, TilePlan.A_AGAIN);
    advance(B_BASE, TilePlan.B_AGAIN);
    code.mov(RAX, REPETITION);
    code.add(RAX, 1);
    code.mov(REPETITION, RAX);
    code.jmp(again);
    code.bind(done);
    code.vzeroupper();
    code.add(RSP, FRAME);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      code.pop(KEPT[i]);
    }
    code.ret();
    return code;
  }

  /** All tiles of six rows. */
  private void wholes() {
    var none = new Label();
    code.movsxd(RAX, plan.field(TilePlan.WHOLE));
    code.cmp(RAX, 0);
    code.jump(EQUAL, none);
    columns(
        width(ROWS),
        vectors -> {
          code.mov(A, A_BASE);
          code.mov(TILE, A);
          code.mov(C, C_NOW);
          code.movsxd(RAX, plan.field(TilePlan.WHOLE));
          code.mov(ROWS_LEFT, RAX);
          var next = new Label();
          code.bind(next);
          code.mov(A, TILE);
          tile(ROWS, vectors);
          advance(TILE, TilePlan.A_TILE);
          code.lea(RAX, at(C_DOWN, C_DOWN, 2));
          code.lea(C, at(C, RAX, 2)); // six rows further
          code.mov(RAX, ROWS_LEFT);
          code.sub(RAX, ROWS);
          code.mov(ROWS_LEFT, RAX);
          code.jump(NOT_EQUAL, next);
        });
    code.bind(none);
  }

  /** The rows that make no whole tile. */
  private void rests() {
    var done = new Label();
    for (int rows = 1; rows < ROWS; rows++) {
      int rest = rows;
      var other = new Label();
      code.movsxd(RAX, plan.field(TilePlan.REST));
      code.cmp(RAX, rows);
      code.jump(NOT_EQUAL, other);
      columns(
          width(rows),
          vectors -> {
            plan.distance(FREE, TilePlan.REST_OF_A);
            code.mov(A, A_BASE);
            code.add(A, FREE);
            plan.distance(FREE, TilePlan.REST_OF_C);
            code.mov(C, C_NOW);
            code.add(C, FREE);
            tile(rest, vectors);
          });
      code.jmp(done);
      code.bind(other);
    }
    code.bind(done);
  }

  /** Vectors of a tile with so many rows, which leave registers for the factors and a mask. */
  private int width(int rows) {
    int free = kind.registers() - (masked ? 2 : 1);
    return Math.min(B.size(), free / (rows + 1));
  }

  /** Runs a body for so many vectors at a time, then for half as many, to one. */
  private void columns(int most, IntConsumer body) {
    code.clear(RAX);
    code.mov(COLUMN, RAX);
    for (int vectors = most; vectors > 0; vectors /= 2) {
      var next = new Label();
      var few = new Label();
      code.bind(next);
      code.mov(RAX, COLUMN);
      code.add(RAX, vectors - 1);
      code.movsxd(FREE, plan.field(TilePlan.VECTORS));
      code.cmp(RAX, FREE);
      code.jump(NOT_LESS, few);
      body.accept(vectors);
      code.mov(RAX, COLUMN);
      code.add(RAX, vectors);
      code.mov(COLUMN, RAX);
      code.jmp(next);
      code.bind(few);
    }
  }

  /** A tile whose rows begin at A and C. */
  private void tile(int rows, int vectors) {
    if (masksSums()) {
      plan.tableTo(MASKS, TilePlan.MASKS);
      code.mov(RAX, COLUMN);
      code.shl(RAX, Integer.numberOfTrailingZeros(VECTOR));
      code.add(MASKS, RAX);
    }
    start(rows, vectors);
    for (int v = 0; v < vectors; v++) {
      code.mov(RAX, COLUMN);
      code.mov(FREE, B_PLACES);
      code.movsxd(FREE, vector(v));
      code.mov(B.get(v), B_BASE);
      code.lea(B.get(v), at(B.get(v), FREE, number));
    }
    sums.add(rows, vectors);
    forEachSum(
        rows,
        vectors,
        (sum, v) -> {
          if (masksSums()) {
            code.vmaskmov(at(FREE, 0), MASK, sum);
          } else {
            code.vmovups(at(FREE, 0), sum);
          }
        });
  }

  private void start(int rows, int vectors) {
    var zero = new Label();
    var started = new Label();
    code.movsxd(RAX, plan.field(TilePlan.ADD));
    code.cmp(RAX, 0);
    code.jump(EQUAL, zero);
    forEachSum(
        rows,
        vectors,
        (sum, v) -> {
          if (masksSums()) {
            code.vmaskmov(sum, MASK, at(FREE, 0));
          } else {
            code.vmovups(sum, at(FREE, 0));
          }
        });
    code.jmp(started);
    code.bind(zero);
    forEachSum(
        rows,
        vectors,
        (sum, v) -> {
          code.vzero(sum);
          code.prefetchw(at(FREE, 0));
        });
    code.bind(started);
  }

  /** Code for a sum, whose place is in a register. */
  private interface OfSum {
    void emit(int sum, int vector);
  }

  private void forEachSum(int rows, int vectors, OfSum body) {
    for (int v = 0; v < vectors; v++) {
      code.mov(RAX, COLUMN);
      code.mov(FREE, C_PLACES);
      code.movsxd(FREE, vector(v));
      code.lea(FREE, at(C, FREE, number));
      if (masksSums()) {
        code.vmovups(MASK, at(MASKS, v * VECTOR));
      }
      for (int r = 0; r < rows; r++) {
        body.emit(r * vectors + v, v);
        if (r < rows - 1) {
          code.add(FREE, C_DOWN);
        }
      }
    }
  }

  private boolean masksSums() {
    return masked && terms != Terms.VECTORS;
  }

  private static Place local(int index) {
    return at(RSP, index * Long.BYTES);
  }

  private void advance(Place local, int place) {
    plan.distance(FREE, place);
    code.add(FREE, local);
    code.mov(local, FREE);
  }

  private void table(Place to, int place) {
    plan.tableTo(RAX, place);
    code.mov(to, RAX);
  }

  /** The entry of a table at FREE for vector v of those at RAX. */
  private static Place vector(int v) {
    return at(FREE, RAX, Integer.BYTES).plus(v * Integer.BYTES);
  }
}
