package org.kotangent.ad.internal;

import java.util.Arrays;

/**
 * Writes instructions of x86-64 that act on general registers, as many as kernels need. Names and
 * operands are those of the manuals, the target first.
 *
 * <p>Source of the encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume
 * 2, chapters 2 and 3 to 6.
 */
public class Assembler {
  /** A general register of 64 bits. */
  public enum Register {
    RAX(0),
    RCX(1),
    RDX(2),
    RBX(3),
    RSP(4),
    RBP(5),
    RSI(6),
    RDI(7),
    R8(8),
    R9(9),
    R10(10),
    R11(11),
    R12(12),
    R13(13),
    R14(14),
    R15(15);

    final int number;

    Register(int number) {
      this.number = number;
    }
  }

  /** Where an instruction finds a vector. */
  public sealed interface Source permits Place, Ymm {}

  /** A register of vectors. */
  public record Ymm(int number) implements Source {}

  /** A place in memory: base + index·scale + displacement; without an index, scale is 0. */
  public record Place(Register base, Register index, int scale, int displacement)
      implements Source {
    /** base + displacement. */
    public static Place at(Register base, int displacement) {
      return new Place(base, Register.RSP, 0, displacement);
    }

    /** base + index·scale. */
    public static Place at(Register base, Register index, int scale) {
      return new Place(base, index, scale, 0);
    }

    /** The place so many bytes further on. */
    public Place plus(int bytes) {
      return new Place(base, index, scale, displacement + bytes);
    }
  }

  /** A place in the code. */
  public static final class Label {
    private static final int UNKNOWN = -1;

    private int position = UNKNOWN;
    private int[] jumps = new int[0];
  }

  /** A condition of signed comparison. */
  public enum Condition {
    EQUAL(0x4),
    NOT_EQUAL(0x5),
    LESS(0xC),
    NOT_LESS(0xD);

    private final int code;

    Condition(int code) {
      this.code = code;
    }
  }

  /** The low bits of a register that, as a base, ask for a further byte. */
  private static final int SIB = 4;

  private static final int NEEDS_DISPLACEMENT = 5;

  private byte[] bytes = new byte[4096];
  private int size;

  /** The code. */
  public final byte[] code() {
    return Arrays.copyOf(bytes, size);
  }

  // ---- general registers

  public final void mov(Register to, Register from) {
    general(true, 0x8B, to.number, from);
  }

  public final void mov(Register to, Place from) {
    general(true, 0x8B, to.number, from);
  }

  public final void mov(Place to, Register from) {
    general(true, 0x89, from.number, to);
  }

  /** A number. */
  public final void mov(Register to, long number) {
    rex(true, 0, 0, to.number);
    int8(0xB8 | (to.number & 7));
    int32((int) number);
    int32((int) (number >> Integer.SIZE));
  }

  /** A number of 32 bits, its sign extended. */
  public final void movsxd(Register to, Place from) {
    general(true, 0x63, to.number, from);
  }

  public final void lea(Register to, Place from) {
    general(true, 0x8D, to.number, from);
  }

  public final void add(Register to, Register from) {
    general(true, 0x03, to.number, from);
  }

  public final void add(Register to, Place from) {
    general(true, 0x03, to.number, from);
  }

  public final void add(Register to, int number) {
    general(true, 0x81, 0, to);
    int32(number);
  }

  public final void add(Place to, Register from) {
    general(true, 0x01, from.number, to);
  }

  public final void and(Register to, int number) {
    general(true, 0x81, 4, to);
    int32(number);
  }

  public final void sub(Register to, Register from) {
    general(true, 0x2B, to.number, from);
  }

  public final void sub(Register to, int number) {
    general(true, 0x81, 5, to);
    int32(number);
  }

  public final void shl(Register to, int bits) {
    general(true, 0xC1, 4, to);
    int8(bits);
  }

  /** to ← to·from. */
  public final void imul(Register to, Register from) {
    rex(true, to.number, 0, from.number);
    int8(0x0F);
    int8(0xAF);
    direct(to.number, from.number);
  }

  /** to ← 0. */
  public final void clear(Register to) {
    general(true, 0x33, to.number, to);
  }

  public final void cmp(Register a, Register b) {
    general(true, 0x3B, a.number, b);
  }

  public final void cmp(Register a, Place b) {
    general(true, 0x3B, a.number, b);
  }

  public final void cmp(Register a, int number) {
    general(true, 0x81, 7, a);
    int32(number);
  }

  /** Compares the lower 32 bits of a register with a number in memory. */
  public final void cmp32(Register a, Place b) {
    general(false, 0x3B, a.number, b);
  }

  public final void push(Register register) {
    rex(false, 0, 0, register.number);
    int8(0x50 | (register.number & 7));
  }

  public final void pop(Register register) {
    rex(false, 0, 0, register.number);
    int8(0x58 | (register.number & 7));
  }

  /** Asks for a line of the cache; a place that there is not does no harm. */
  public final void prefetch(Place place) {
    rex(false, 0, place.index.number, place.base.number);
    int8(0x0F);
    int8(0x18);
    indirect(1, place);
  }

  /** Asks for a line of the cache that will be written. */
  public final void prefetchw(Place place) {
    rex(false, 0, place.index.number, place.base.number);
    int8(0x0F);
    int8(0x0D);
    indirect(1, place);
  }

  public final void ret() {
    int8(0xC3);
  }

  // ---- control flow

  /** Says that a label is here. */
  public final void bind(Label label) {
    label.position = size;
    for (int jump : label.jumps) {
      patch(jump, size);
    }
  }

  public final void jmp(Label label) {
    int8(0xE9);
    target(label);
  }

  /** Jumps if what was compared last is so. */
  public final void jump(Condition condition, Label label) {
    int8(0x0F);
    int8(0x80 | condition.code);
    target(label);
  }

  /** Does something for so many of what is left, while there are as many. */
  public final void repeat(Register left, int some, Runnable body) {
    var next = new Label();
    var few = new Label();
    bind(next);
    cmp(left, some);
    jump(Condition.LESS, few);
    body.run();
    sub(left, some);
    jmp(next);
    bind(few);
  }

  private void target(Label label) {
    int at = size;
    int32(0);
    if (label.position == Label.UNKNOWN) {
      label.jumps = Arrays.copyOf(label.jumps, label.jumps.length + 1);
      label.jumps[label.jumps.length - 1] = at;
    } else {
      patch(at, label.position);
    }
  }

  private void patch(int at, int position) {
    int end = size;
    size = at;
    int32(position - at - Integer.BYTES);
    size = Math.max(end, size);
  }

  // ---- encodings

  private void general(boolean is64, int opcode, int register, Register other) {
    rex(is64, register, 0, other.number);
    int8(opcode);
    direct(register, other.number);
  }

  private void general(boolean is64, int opcode, int register, Place place) {
    rex(is64, register, place.index.number, place.base.number);
    int8(opcode);
    indirect(register, place);
  }

  /** The prefix that has the highest bits of registers. */
  private void rex(boolean is64, int register, int index, int base) {
    int bits = (is64 ? 8 : 0) | (register >> 3 << 2) | (index >> 3 << 1) | (base >> 3);
    if (bits != 0) {
      int8(0x40 | bits);
    }
  }

  final void bytes(int... some) {
    for (int one : some) {
      int8(one);
    }
  }

  /** Two registers. */
  final void direct(int register, int other) {
    int8(0xC0 | ((register & 7) << 3) | (other & 7));
  }

  /** A register and a place in memory. */
  final void indirect(int register, Place place) {
    indirect(register, place, true);
  }

  /** The same; {@code bytes} says whether a displacement of one byte counts bytes. */
  final void indirect(int register, Place place, boolean bytes) {
    int base = place.base.number & 7;
    boolean none = place.displacement == 0 && base != NEEDS_DISPLACEMENT;
    boolean small =
        (byte) place.displacement == place.displacement && (bytes || place.displacement == 0);
    int mode = none ? 0 : small ? 0x40 : 0x80;
    if (place.scale == 0 && base != SIB) {
      int8(mode | ((register & 7) << 3) | base);
    } else {
      int8(mode | ((register & 7) << 3) | SIB);
      int scale = Integer.numberOfTrailingZeros(Math.max(1, place.scale));
      int8((scale << 6) | ((place.index.number & 7) << 3) | base);
    }
    if (!none && small) {
      int8(place.displacement);
    } else if (!none) {
      int32(place.displacement);
    }
  }

  private void int32(int number) {
    for (int i = 0; i < Integer.BYTES; i++) {
      int8(number >> (i * Byte.SIZE));
    }
  }

  final void int8(int number) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) number;
  }
}
