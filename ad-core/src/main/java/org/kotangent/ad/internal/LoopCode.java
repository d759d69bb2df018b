package org.kotangent.ad.internal;

import static org.kotangent.ad.internal.Assembler.Condition.LESS;
import static org.kotangent.ad.internal.Assembler.Place.at;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;
import org.kotangent.ad.internal.Assembler.Label;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;
import org.kotangent.ad.internal.LaneAssembler.Comparison;
import org.kotangent.ad.internal.VectorSteps.Invariant;
import org.kotangent.ad.internal.VectorSteps.Kind;
import org.kotangent.ad.internal.VectorSteps.Step;

/**
 * A loop over the elements of elementwise expressions in machine code: rows, and in each row
 * vectors, the last of which may have a mask. Its parameters are those of {@code Loop}: where
 * operands and results are, and by how much that grows from row to row; first element, elements of
 * a row, rows and their distance; and the arrays.
 *
 * <p>Everything that is not a vector of the turn is in the frame: a table of masks, what is the
 * same in every lane, stored vectors, then numbers.
 */
public final class LoopCode {
  /** Bytes of a vector, and those of a number that is not one. */
  private static final int VECTOR = 32;

  private static final int WORD = 8;

  /** Bytes of a frame that the JVM surely keeps free of a stack. */
  private static final int MOST = 1 << 14;

  /** Vectors in the table of masks, which are ones and then zeros. */
  private static final int MASKS = 2;

  /** The register of the mask. */
  private static final int MASK = 15;

  private static final Register INDEX = Register.RAX;
  private static final Register LAST = Register.R10;
  private static final Register SCRATCH = Register.R11;

  /** Registers for places of arrays while a row is computed; the others come from the frame. */
  private static final List<Register> PLACES =
      List.of(
          Register.RBX,
          Register.RCX,
          Register.RDX,
          Register.RSI,
          Register.RDI,
          Register.R8,
          Register.R9,
          Register.R12,
          Register.R13,
          Register.R14,
          Register.R15);

  private static final List<Register> SAVED =
      List.of(Register.RBX, Register.R12, Register.R13, Register.R14, Register.R15);

  /** Words of the frame: parameters, a passing number, then the places of arrays. */
  private static final int STEP = 0;

  private static final int FROM = 1;
  private static final int LENGTH = 2;
  private static final int ROWS = 3;
  private static final int PITCH = 4;
  private static final int PASSING = 5;
  private static final int FIRST_PLACE = 6;

  private final LaneAssembler code;
  private final int size;
  private final int operands;
  private final int arrays;
  private final long single;
  private final long placed;
  private final VectorSteps steps;
  private final VectorRegisters registers;
  private final int frame;
  private final int words;

  private LoopCode(DType number, List<Expr> bodies, int operands, long single, long shifted) {
    boolean wide = number == DType.F64;
    this.code = new LaneAssembler(wide);
    this.size = wide ? Double.BYTES : Float.BYTES;
    this.operands = operands;
    this.arrays = operands + bodies.size();
    this.single = single;
    this.placed = single | shifted;
    this.steps = new VectorSteps(number, single);
    int[] results = bodies.stream().mapToInt(steps::compute).toArray();
    this.registers = new VectorRegisters(code, steps.steps(), results, this::slot);
    this.words = (MASKS + steps.invariants().size() + steps.steps().size()) * VECTOR;
    this.frame = words + (FIRST_PLACE + arrays) * WORD;
  }

  /** Whether there is code for expressions in numbers of a type. */
  public static boolean handles(DType number, List<Expr> bodies) {
    return Provider.chosen() == Provider.NATIVE
        && number.isFloating()
        && LaneOps.handles(number, bodies);
  }

  /**
   * The function; there is none where it would need too large a frame.
   *
   * @param single bit k is set when operand k is one number for a row
   * @param shifted bit k is set when operand k, or a result behind them, has a place of its own
   */
  public static Optional<MemorySegment> of(
      DType number, List<Expr> bodies, int operands, long single, long shifted) {
    var loop = new LoopCode(number, bodies, operands, single, shifted);
    if (loop.frame > MOST) {
      return Optional.empty();
    }
    loop.write();
    return Optional.of(MachineCode.function(loop.code.code()));
  }

  private void write() {
    var row = new Label();
    var end = new Label();
    enter();
    code.cmp(Register.RCX, 1);
    code.jump(LESS, end);
    unpack();
    code.bind(row);
    code.mov(SCRATCH, word(ROWS));
    code.cmp(SCRATCH, 1);
    code.jump(LESS, end);
    row();
    advance();
    code.jmp(row);
    code.bind(end);
    leave();
  }

  private void enter() {
    code.push(Register.RBP);
    code.mov(Register.RBP, Register.RSP);
    SAVED.forEach(code::push);
    code.sub(Register.RSP, frame);
    code.and(Register.RSP, -VECTOR);
  }

  private void leave() {
    code.vzeroupper();
    code.lea(Register.RSP, at(Register.RBP, -SAVED.size() * WORD));
    SAVED.reversed().forEach(code::pop);
    code.pop(Register.RBP);
    code.ret();
  }

  /** Puts parameters, constants and masks into the frame. */
  private void unpack() {
    store(STEP, Register.RSI);
    store(ROWS, Register.R8);
    int bits = Integer.numberOfTrailingZeros(size);
    List.of(Register.RDX, Register.RCX, Register.R9).forEach(r -> code.shl(r, bits));
    store(FROM, Register.RDX);
    store(LENGTH, Register.RCX);
    store(PITCH, Register.R9);
    for (int k = 0; k < arrays; k++) {
      code.mov(LAST, at(Register.RBP, (2 + k) * WORD));
      if (isSet(placed, k)) {
        code.movsxd(SCRATCH, at(Register.RDI, k * Integer.BYTES));
        code.lea(LAST, at(LAST, SCRATCH, size));
      }
      code.mov(place(k), LAST);
    }
    for (int i = 0; i < steps.invariants().size(); i++) {
      Invariant invariant = steps.invariants().get(i);
      if (invariant.operand() < 0) {
        code.mov(SCRATCH, invariant.bits());
        store(PASSING, SCRATCH);
        spread(word(PASSING), i);
      }
    }
    code.vzero(0);
    code.vmovups(vector(1), 0);
    code.vcmp(Comparison.EQUAL, 0, 0, vector(1));
    code.vmovups(vector(0), 0);
  }

  private void store(int word, Register from) {
    code.mov(word(word), from);
  }

  /** Stores a number into every lane of an invariant. */
  private void spread(Place from, int invariant) {
    code.vbroadcast(0, from);
    code.vmovups(vector(MASKS + invariant), 0);
  }

  private void row() {
    var next = new Label();
    var rest = new Label();
    var done = new Label();
    for (int i = 0; i < steps.invariants().size(); i++) {
      int operand = steps.invariants().get(i).operand();
      if (operand >= 0) {
        code.mov(SCRATCH, place(operand));
        spread(at(SCRATCH, 0), i);
      }
    }
    registers.begin();
    int left = 0;
    for (int k = 0; k < arrays; k++) {
      if (!isSet(single, k) && left < PLACES.size()) {
        code.mov(PLACES.get(left++), place(k));
      }
    }
    code.mov(INDEX, word(FROM));
    code.mov(LAST, INDEX);
    code.add(LAST, word(LENGTH));
    code.sub(LAST, VECTOR);
    code.bind(next);
    code.cmp(LAST, INDEX);
    code.jump(LESS, rest);
    registers.compute(new Whole());
    code.add(INDEX, VECTOR);
    code.jmp(next);
    code.bind(rest);
    code.sub(LAST, INDEX);
    code.cmp(LAST, -VECTOR + 1);
    code.jump(LESS, done);
    // What is left of a vector is negative: the mask ends with as many zeros.
    code.lea(SCRATCH, vector(0));
    code.sub(SCRATCH, LAST);
    code.vmovups(MASK, at(SCRATCH, 0));
    registers.compute(new Masked());
    code.bind(done);
  }

  /** Goes to the next row. */
  private void advance() {
    if (placed != 0) {
      code.mov(LAST, word(STEP));
    }
    for (int k = 0; k < arrays; k++) {
      if (isSet(placed, k)) {
        code.movsxd(SCRATCH, at(LAST, k * Integer.BYTES));
        code.shl(SCRATCH, Integer.numberOfTrailingZeros(size));
        code.add(place(k), SCRATCH);
      }
    }
    code.mov(SCRATCH, word(PITCH));
    code.add(word(FROM), SCRATCH);
    code.mov(SCRATCH, word(ROWS));
    code.sub(SCRATCH, 1);
    store(ROWS, SCRATCH);
  }

  /** Where the next numbers of an array are. */
  private Place element(int k) {
    int before = k - Long.bitCount(single & ((1L << k) - 1));
    if (before < PLACES.size()) {
      return at(PLACES.get(before), INDEX, 1);
    }
    code.mov(SCRATCH, place(k));
    return at(SCRATCH, INDEX, 1);
  }

  /** Where the result of a step may be stored. */
  private Place slot(int value) {
    Step step = steps.steps().get(value);
    return vector(
        MASKS
            + (step.kind() == Kind.INVARIANT ? step.number() : steps.invariants().size() + value));
  }

  private static Place vector(int index) {
    return at(Register.RSP, index * VECTOR);
  }

  private Place word(int index) {
    return at(Register.RSP, words + index * WORD);
  }

  private Place place(int array) {
    return word(FIRST_PLACE + array);
  }

  private static boolean isSet(long bits, int k) {
    return (bits >> k & 1) == 1;
  }

  private final class Whole implements VectorRegisters.Memory {
    @Override
    public void load(int operand, int register) {
      code.vmovups(register, element(operand));
    }

    @Override
    public void store(int result, int register) {
      code.vmovups(element(operands + result), register);
    }
  }

  private final class Masked implements VectorRegisters.Memory {
    @Override
    public void load(int operand, int register) {
      code.vmaskmov(register, MASK, element(operand));
    }

    @Override
    public void store(int result, int register) {
      code.vmaskmov(element(operands + result), MASK, register);
    }
  }
}
