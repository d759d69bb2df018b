package org.kotangent.ad.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Source;
import org.kotangent.ad.internal.Assembler.Ymm;
import org.kotangent.ad.internal.LaneAssembler.Comparison;
import org.kotangent.ad.internal.LaneAssembler.Operation;
import org.kotangent.ad.internal.LaneAssembler.Product;
import org.kotangent.ad.internal.VectorSteps.Kind;
import org.kotangent.ad.internal.VectorSteps.Step;

/**
 * Gives the results of steps registers and writes the instructions. When registers run out, that
 * whose value is needed last is stored and given away (Belady 1966, "A study of replacement
 * algorithms for a virtual-storage computer"). What is the same in every lane stands in memory:
 * instructions take it from there, or from a register that is left over.
 */
final class VectorRegisters {
  /** Loads what a loop reads and stores what it computes. */
  interface Memory {
    void load(int operand, int register);

    void store(int result, int register);
  }

  private static final int NONE = -1;

  /** Registers for results; the last one is for masks. */
  private static final int COUNT = 15;

  /** What an instruction may need besides the results that are alive. */
  private static final int SPARE = 2;

  private final LaneAssembler code;
  private final List<Step> steps;
  private final int[] results;
  private final IntFunction<Place> slots;
  private final VectorUses uses;

  /** The invariants that keep registers, which are the last ones. */
  private final int[] kept;

  /** The register of each step's result, and whose result is in each register. */
  private final int[] register;

  private final int[] held = new int[COUNT];

  /** Registers that the instruction being written takes. */
  private final boolean[] taken = new boolean[COUNT];

  private final boolean[] stored;
  private int turn;

  /**
   * The steps to some results.
   *
   * @param slots where the result of a step may be stored, and where that of an invariant is
   */
  VectorRegisters(LaneAssembler code, List<Step> steps, int[] results, IntFunction<Place> slots) {
    this.code = code;
    this.steps = steps;
    this.results = results;
    this.slots = slots;
    this.uses = new VectorUses(steps, results);
    this.register = new int[steps.size()];
    this.stored = new boolean[steps.size()];
    int[] invariants = uses.invariants();
    int left = Math.clamp(COUNT - SPARE - uses.most(), 0, invariants.length);
    this.kept = Arrays.copyOf(invariants, left);
  }

  /** Loads the invariants that keep registers. */
  void begin() {
    for (int i = 0; i < kept.length; i++) {
      code.vmov(COUNT - 1 - i, slots.apply(kept[i]));
    }
  }

  /** Computes one vector of each result. */
  void compute(Memory memory) {
    Arrays.fill(register, NONE);
    Arrays.fill(held, NONE);
    Arrays.fill(stored, false);
    for (int i = 0; i < kept.length; i++) {
      hold(kept[i], COUNT - 1 - i);
    }
    for (turn = 0; turn < steps.size(); turn++) {
      Arrays.fill(taken, false);
      Step step = steps.get(turn);
      switch (step.kind()) {
        case INVARIANT -> {}
        case OPERAND -> {
          hold(turn, free());
          memory.load(step.number(), register[turn]);
        }
        case FMA -> multiplyAdd(step.a(), step.b(), step.c());
        default -> take(step);
      }
    }
    for (int j = 0; j < results.length; j++, turn++) {
      Arrays.fill(taken, false);
      memory.store(j, in(results[j]));
      release(results[j]);
    }
  }

  private void take(Step step) {
    boolean swaps = isCommutative(step.kind()) && !isIn(step.a()) && isIn(step.b());
    int first = swaps ? step.b() : step.a();
    int second = swaps ? step.a() : step.b();
    int a = in(first);
    int c = step.c() == NONE ? NONE : in(step.c());
    Source b = second == NONE ? new Ymm(a) : where(second);
    release(first);
    release(second);
    release(step.c());
    int to = free();
    write(step, to, a, b, c);
    hold(turn, to);
  }

  private static boolean isCommutative(Kind kind) {
    return switch (kind) {
      case ADD, MUL, AND, OR, XOR, EQUAL, UNORDERED, ADD_BITS -> true;
      default -> false;
    };
  }

  private void write(Step step, int to, int a, Source b, int c) {
    switch (step.kind()) {
      case ADD -> code.vop(Operation.ADD, to, a, b);
      case SUB -> code.vop(Operation.SUB, to, a, b);
      case MUL -> code.vop(Operation.MUL, to, a, b);
      case DIV -> code.vop(Operation.DIV, to, a, b);
      case MIN -> code.vop(Operation.MIN, to, a, b);
      case MAX -> code.vop(Operation.MAX, to, a, b);
      case AND -> code.vop(Operation.AND, to, a, b);
      case OR -> code.vop(Operation.OR, to, a, b);
      case XOR -> code.vop(Operation.XOR, to, a, b);
      case LESS -> code.vcmp(Comparison.LESS, to, a, b);
      case LESS_EQUAL -> code.vcmp(Comparison.LESS_EQUAL, to, a, b);
      case EQUAL -> code.vcmp(Comparison.EQUAL, to, a, b);
      case UNORDERED -> code.vcmp(Comparison.UNORDERED, to, a, b);
      case BLEND -> code.vblendv(to, a, b, c);
      case SQRT -> code.vsqrt(to, b);
      case ADD_BITS -> code.vpadd(to, a, b);
      case SUB_BITS -> code.vpsub(to, a, b);
      case SHIFT_LEFT -> code.vpsll(to, a, step.number());
      case SHIFT_RIGHT -> code.vpsrl(to, a, step.number());
      case OPERAND, INVARIANT, FMA -> throw new IllegalArgumentException(step.toString());
    }
  }

  /** x·y + z, written over one of them: over one that is not needed any more, if there is one. */
  private void multiplyAdd(int x, int y, int z) {
    int to;
    if (isIn(z) && isLast(z)) {
      boolean swaps = !isIn(x) && isIn(y);
      to = copy(z);
      code.vfma(Product.LAST_TWO, to, in(swaps ? y : x), where(swaps ? x : y));
    } else {
      boolean swaps = isIn(y) && (!isIn(x) || (isLast(y) && !isLast(x)));
      int a = swaps ? y : x;
      int b = swaps ? x : y;
      to = copy(a);
      if (isIn(b)) {
        code.vfma(Product.FIRST_TWO, to, in(b), where(z));
      } else {
        code.vfma(Product.FIRST_AND_LAST, to, in(z), where(b));
      }
    }
    release(x);
    release(y);
    release(z);
    hold(turn, to);
  }

  /** A register with a result that may be written over. */
  private int copy(int value) {
    if (isIn(value) && isLast(value)) {
      return in(value);
    }
    int to = free();
    taken[to] = true;
    code.vmov(to, where(value));
    return to;
  }

  private boolean isIn(int value) {
    return register[value] != NONE;
  }

  /** Whether nothing later takes a result; what keeps its register counts as taken. */
  private boolean isLast(int value) {
    return uses.after(value, turn) == VectorUses.NEVER && !isKept(value);
  }

  private boolean isKept(int value) {
    return isIn(value) && register[value] > COUNT - 1 - kept.length;
  }

  /** A register with a result, which the instruction being written takes. */
  private int in(int value) {
    if (!isIn(value)) {
      int r = free();
      code.vmov(r, slots.apply(value));
      hold(value, r);
    }
    taken[register[value]] = true;
    return register[value];
  }

  /** Where a result is. */
  private Source where(int value) {
    return isIn(value) ? new Ymm(in(value)) : slots.apply(value);
  }

  private void hold(int value, int r) {
    if (held[r] != NONE) {
      register[held[r]] = NONE;
    }
    held[r] = value;
    register[value] = r;
  }

  /** Gives the register of a result away when nothing later takes it. */
  private void release(int value) {
    if (value != NONE && isIn(value) && isLast(value)) {
      int r = register[value];
      register[value] = NONE;
      held[r] = NONE;
      taken[r] = false;
    }
  }

  /** A register that nothing is in, if need be because its value is stored. */
  private int free() {
    int victim = NONE;
    for (int r = 0; r < COUNT - kept.length; r++) {
      if (!taken[r] && (victim == NONE || neededAfter(r) > neededAfter(victim))) {
        victim = r;
      }
    }
    int value = held[victim];
    if (value != NONE) {
      if (steps.get(value).kind() != Kind.INVARIANT && !stored[value]) {
        code.vmovups(slots.apply(value), victim);
        stored[value] = true;
      }
      register[value] = NONE;
      held[victim] = NONE;
    }
    return victim;
  }

  private int neededAfter(int r) {
    return held[r] == NONE ? VectorUses.NEVER : uses.after(held[r], turn - 1);
  }
}
