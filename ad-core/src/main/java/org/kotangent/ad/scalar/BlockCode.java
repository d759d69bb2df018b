package org.kotangent.ad.scalar;

import static java.lang.classfile.TypeKind.DOUBLE;
import static java.lang.classfile.TypeKind.INT;
import static org.kotangent.ad.scalar.Cells.DERIVATIVES;
import static org.kotangent.ad.scalar.Cells.VALUES;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.IntPredicate;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;
import org.kotangent.ad.internal.ExprCode;

/**
 * The bytecode of a sweep through a block: a static method of the array of values and, for the
 * derivatives, the array of tangents or adjoints. Within an iteration, and from one to the next,
 * what is passed on stays in local variables.
 */
final class BlockCode {
  private final CodeBuilder code;
  private final Block block;
  private final Program program;
  private final int period;
  private final int t;
  private final Cells cells;

  private BlockCode(CodeBuilder code, Block block) {
    this.code = code;
    this.block = block;
    this.program = block.program();
    this.period = block.period();
    this.t = code.allocateLocal(INT);
    this.cells = new Cells(code, block, t);
  }

  /** Computes the values. */
  static void forward(CodeBuilder code, Block block) {
    BlockCode body = new BlockCode(code, block);
    body.upward(VALUES, body::value, j -> true);
  }

  /** Computes the tangents and stores those that are used outside of their iteration. */
  static void tangent(CodeBuilder code, Block block, boolean[] external) {
    BlockCode body = new BlockCode(code, block);
    body.upward(DERIVATIVES, body::tangent, j -> external[j]);
  }

  /** What an upward sweep computes of operation j, onto the stack. */
  private interface Step {
    void push(int j, int[] results);
  }

  /**
   * Iterations in order; what operation j computes is kept in a local variable, or stored as well.
   */
  private void upward(int array, Step step, IntPredicate stored) {
    int[] results = new int[period];
    for (int j = 0; j < period; j++) {
      results[j] = code.allocateLocal(DOUBLE);
    }
    for (int j : block.passedOn()) {
      cells.load(cells.initial(array, j));
      code.dstore(results[j]);
    }
    code.iconst_0().istore(t);
    Label head = code.newLabel();
    code.labelBinding(head);
    for (int j = 0; j < period; j++) {
      step.push(j, results);
      code.dstore(results[j]);
      if (stored.test(j)) {
        cells.address(cells.result(array, j));
        code.dload(results[j]).dastore();
      }
    }
    if (block.count() > 1) {
      code.iinc(t, 1).iload(t).loadConstant(block.count()).if_icmplt(head);
    }
    code.return_();
  }

  private void value(int j, int[] results) {
    int arity = block.rule(j).arity();
    int[] slots = new int[arity];
    for (int i = 0; i < arity; i++) {
      slots[i] = cells.operand(VALUES, j, i, results);
    }
    ExprCode expr = expr(slots);
    Expr body = block.body(j);
    expr.compute(body);
    expr.load(body);
  }

  private void tangent(int j, int[] results) {
    boolean some = false;
    for (int i = 0; i < block.rule(j).arity(); i++) {
      Expr partial = block.partial(j, i);
      if (partial != null) {
        term(j, partial, () -> {}, cells.operand(DERIVATIVES, j, i, results));
        if (some) {
          code.dadd();
        }
        some = true;
      }
    }
    if (!some) {
      code.dconst_0();
    }
  }

  /** Distributes the adjoints, of which external ones are in the array; all in reverse order. */
  static void reverse(CodeBuilder code, Block block, boolean[] external) {
    new BlockCode(code, block).downward(external);
  }

  private void downward(boolean[] external) {
    int[] carried = new int[period];
    Arrays.fill(carried, -1);
    for (int j : block.passedOn()) {
      carried[j] = code.allocateLocal(DOUBLE);
      code.dconst_0().dstore(carried[j]);
    }
    code.loadConstant(block.count() - 1).istore(t);
    Label head = code.newLabel();
    code.labelBinding(head);
    int[] adjoints = new int[period];
    Arrays.fill(adjoints, -1);
    for (int j = period - 1; j >= 0; j--) {
      boolean known = adjoints[j] >= 0;
      if (!program.isLive(block.first() + j) || !(known || carried[j] >= 0 || external[j])) {
        continue;
      }
      int g = code.allocateLocal(DOUBLE);
      adjoint(j, adjoints[j], carried[j], external[j]);
      code.dstore(g);
      for (int i = 0; i < block.rule(j).arity(); i++) {
        contribute(j, i, g, adjoints, carried);
      }
    }
    if (block.count() > 1) {
      code.iinc(t, -1).iload(t).ifge(head);
    }
    for (int j : block.passedOn()) {
      cells.address(cells.initial(DERIVATIVES, j));
      code.dup2().daload().dload(carried[j]).dadd().dastore();
    }
    code.return_();
  }

  /**
   * Pushes the adjoint of operation j: what came within the iteration, from the one after, and
   * else.
   */
  private void adjoint(int j, int own, int carried, boolean external) {
    boolean some = own >= 0;
    if (some) {
      code.dload(own);
    }
    if (carried >= 0) {
      code.dload(carried);
      if (some) {
        code.dadd();
      }
      code.dconst_0().dstore(carried);
      some = true;
    }
    if (external) {
      Cells.Cell cell = cells.result(DERIVATIVES, j);
      cells.address(cell);
      code.daload();
      if (some) {
        code.dadd();
      }
    }
  }

  private void contribute(int j, int i, int g, int[] adjoints, int[] carried) {
    Expr partial = block.partial(j, i);
    if (partial == null) {
      return;
    }
    switch (block.source(j, i)) {
      case Block.Source.Same same -> {
        boolean first = adjoints[same.j()] < 0;
        if (first) {
          adjoints[same.j()] = code.allocateLocal(DOUBLE);
        }
        int sum = adjoints[same.j()];
        term(j, partial, () -> {}, g);
        if (!first) {
          code.dload(sum).dadd();
        }
        code.dstore(sum);
      }
      case Block.Source.Before before -> {
        term(j, partial, () -> {}, g);
        code.dload(carried[before.j()]).dadd().dstore(carried[before.j()]);
      }
      default -> {
        Cells.Cell cell = cells.cell(DERIVATIVES, j, i);
        term(
            j,
            partial,
            () -> {
              cells.address(cell);
              code.dup2().daload();
            },
            g);
        code.dadd().dastore();
      }
    }
  }

  /** Pushes partial · factor; {@code first} is pushed below it, after what needs an empty stack. */
  private void term(int j, Expr partial, Runnable first, int factor) {
    ExprCode expr = expr(cells.inMemory(j, partial));
    expr.compute(partial);
    first.run();
    if (partial instanceof Expr.Constant c && Math.abs(c.value()) == 1) {
      code.dload(factor);
      if (c.value() < 0) {
        code.dneg();
      }
    } else {
      expr.load(partial);
      code.dload(factor).dmul();
    }
  }

  private ExprCode expr(int[] slots) {
    return new ExprCode(code, DType.F64, Collections.nCopies(slots.length, DType.F64), slots);
  }
}
