package org.kotangent.ad.scalar;

import org.kotangent.ad.ScalarOp;

/** Goes through a program operation by operation. */
final class Interpreter implements Sweeps {
  private final Program program;

  Interpreter(Program program) {
    this.program = program;
  }

  @Override
  public void forward(double[] v) {
    int base = program.base();
    for (int k = 0; k < program.size(); k++) {
      ScalarOp op = program.op(k);
      double a = v[program.operand(k, 0)];
      double b = v[program.operand(k, 1)];
      v[base + k] =
          switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case SQUARE -> a * a;
            case NEG -> -a;
            default -> Rule.of(op).value(a, b, v[program.operand(k, 2)]);
          };
    }
  }

  @Override
  public void tangent(double[] v, double[] t) {
    int base = program.base();
    for (int k = 0; k < program.size(); k++) {
      double sum = 0;
      for (int i = 0; i < program.op(k).arity(); i++) {
        int operand = program.operand(k, i);
        if (!program.isConstant(operand)) {
          sum += partial(k, i, v) * t[operand];
        }
      }
      t[base + k] = sum;
    }
  }

  @Override
  public void reverse(double[] v, double[] adjoint) {
    int base = program.base();
    for (int k = program.size() - 1; k >= 0; k--) {
      double g = adjoint[base + k];
      for (int i = 0; program.isLive(k) && i < program.op(k).arity(); i++) {
        int operand = program.operand(k, i);
        if (!program.isConstant(operand)) {
          adjoint[operand] += g * partial(k, i, v);
        }
      }
    }
  }

  /**
   * The same for places that are reached alone; those of the results are marked. A selection does
   * not reach what it does not select.
   */
  void reverse(double[] v, double[] adjoint, boolean[] reached) {
    int base = program.base();
    for (int k = program.size() - 1; k >= 0; k--) {
      for (int i = 0; reached[base + k] && i < program.op(k).arity(); i++) {
        int operand = program.operand(k, i);
        double slope = partial(k, i, v);
        if (!program.isConstant(operand) && reaches(k, i, slope)) {
          adjoint[operand] += adjoint[base + k] * slope;
          reached[operand] = true;
        }
      }
    }
  }

  private boolean reaches(int k, int i, double slope) {
    ScalarOp op = program.op(k);
    return !Rule.isZero(Rule.of(op).partial(i)) && !(op == ScalarOp.SELECT && slope == 0);
  }

  private double partial(int k, int i, double[] v) {
    double a = v[program.operand(k, 0)];
    double b = v[program.operand(k, 1)];
    double y = v[program.base() + k];
    return switch (program.op(k)) {
      case ADD -> 1;
      case SUB -> i == 0 ? 1 : -1;
      case MUL -> i == 0 ? b : a;
      case DIV -> i == 0 ? 1 / b : -(y / b);
      case SQUARE -> 2 * a;
      case NEG -> -1;
      default -> Rule.of(program.op(k)).partial(i, a, b, v[program.operand(k, 2)], y);
    };
  }
}
