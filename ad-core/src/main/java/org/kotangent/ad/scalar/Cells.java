package org.kotangent.ad.scalar;

import static java.lang.classfile.TypeKind.DOUBLE;

import java.lang.classfile.CodeBuilder;
import java.util.HashMap;
import java.util.Map;
import org.kotangent.ad.Expr;

/**
 * Where the numbers of a block are in its bytecode: places in arrays, and the local variables they
 * are loaded to.
 */
final class Cells {
  /** An array and a place in it that moves from iteration to iteration. */
  record Cell(int array, int place, int stride) {}

  /** The local variable that holds the array of values. */
  static final int VALUES = 0;

  /** The local variable that holds the array of tangents or adjoints. */
  static final int DERIVATIVES = 1;

  private final CodeBuilder code;
  private final Block block;
  private final int iteration;
  private final Map<Cell, Integer> loaded = new HashMap<>();

  /** The cells of a block whose iterations a local variable counts. */
  Cells(CodeBuilder code, Block block, int iteration) {
    this.code = code;
    this.block = block;
    this.iteration = iteration;
  }

  /** The local variable with the value or tangent of operand i of operation j. */
  int operand(int array, int j, int i, int[] results) {
    return switch (block.source(j, i)) {
      case Block.Source.Same same -> results[same.j()];
      case Block.Source.Before before -> results[before.j()];
      case Block.Source.Elsewhere _ -> loaded(cell(array, j, i));
      case Block.Source.Literal _ -> -1;
    };
  }

  /** Local variables with the values that an expression in operands and result of j mentions. */
  int[] inMemory(int j, Expr e) {
    int arity = block.rule(j).arity();
    int[] slots = new int[arity + 1];
    for (int i = 0; i <= arity; i++) {
      slots[i] = mentions(e, i) ? loaded(i == arity ? result(VALUES, j) : cell(VALUES, j, i)) : -1;
    }
    return slots;
  }

  private static boolean mentions(Expr e, int variable) {
    return switch (e) {
      case Expr.Constant c -> false;
      case Expr.Variable v -> v.index() == variable;
      case Expr.Apply a -> a.operands().stream().anyMatch(o -> mentions(o, variable));
    };
  }

  /** Operand i of operation j. */
  Cell cell(int array, int j, int i) {
    return new Cell(array, block.program().operand(block.first() + j, i), block.stride(j, i));
  }

  /** The result of operation j. */
  Cell result(int array, int j) {
    return new Cell(array, block.place(j), block.period());
  }

  /** The local variable with a number from an array, which is loaded once per iteration. */
  private int loaded(Cell cell) {
    Integer known = loaded.get(cell);
    if (known == null) {
      known = code.allocateLocal(DOUBLE);
      load(cell);
      code.dstore(known);
      loaded.put(cell, known);
    }
    return known;
  }

  /** Pushes a number. */
  void load(Cell cell) {
    address(cell);
    code.daload();
  }

  /** Pushes array and index. */
  void address(Cell cell) {
    code.aload(cell.array());
    if (block.count() == 1 || cell.stride() == 0) {
      code.loadConstant(cell.place());
    } else {
      code.iload(iteration).loadConstant(cell.stride()).imul().loadConstant(cell.place()).iadd();
    }
  }

  /** The result of operation j in the iteration before the first. */
  Cell initial(int array, int j) {
    return new Cell(array, block.place(j) - block.period(), 0);
  }
}
