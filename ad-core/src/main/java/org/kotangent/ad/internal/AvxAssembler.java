package org.kotangent.ad.internal;

/**
 * Writes instructions that act on vectors, too: those of AVX2 and FMA, and some of AVX-512, as many
 * as kernels need.
 */
public class AvxAssembler extends Assembler {
  /** What vectors there are. */
  public enum Vectors {
    /** Sixteen of 256 bits. */
    AVX2(256, 16),
    /** Thirty-two of 256 bits. */
    AVX512VL(256, 32),
    /** Thirty-two of 512 bits. */
    AVX512F(512, 32);

    private final int bits;
    private final int registers;

    Vectors(int bits, int registers) {
      this.bits = bits;
      this.registers = registers;
    }

    /** Bytes of a vector. */
    public int bytes() {
      return bits / Byte.SIZE;
    }

    /** How many registers there are. */
    public int registers() {
      return registers;
    }
  }

  static final int MAP_0F = 1;
  static final int MAP_0F38 = 2;
  static final int MAP_0F3A = 3;
  static final int NO_PREFIX = 0;
  static final int PREFIX_66 = 1;
  private static final int PREFIX_F3 = 2;
  private static final int PREFIX_F2 = 3;
  private static final int LOWER = 15;

  final boolean wide;
  private final Vectors vectors;

  /** For vectors of 256 bits, of doubles where {@code wide}, else of floats. */
  public AvxAssembler(boolean wide) {
    this(wide, Vectors.AVX2);
  }

  /** For vectors of a kind: beyond AVX2, with loads, stores and arithmetic as tiles use them. */
  public AvxAssembler(boolean wide, Vectors vectors) {
    this.wide = wide;
    this.vectors = vectors;
  }

  /** A vector, wherever it is. */
  public final void vmovups(int to, Place from) {
    vector(MAP_0F, NO_PREFIX, false, 0x10, to, 0, from);
  }

  public final void vmovups(Place to, int from) {
    vector(MAP_0F, NO_PREFIX, false, 0x11, from, 0, to);
  }

  /** A number in each lane. */
  public final void vbroadcast(int to, Place from) {
    vector(MAP_0F38, PREFIX_66, wide && isLater(), wide ? 0x19 : 0x18, to, 0, from);
  }

  /** The lanes whose mask has its highest bit set, zeros in the others. */
  public final void vmaskmov(int to, int mask, Place from) {
    vex(MAP_0F38, PREFIX_66, false, wide ? 0x2D : 0x2C, to, mask, from);
  }

  /** Writes the lanes whose mask has its highest bit set, and touches nothing else. */
  public final void vmaskmov(Place to, int mask, int from) {
    vex(MAP_0F38, PREFIX_66, false, wide ? 0x2F : 0x2E, from, mask, to);
  }

  /** sum ← a·b + sum, rounded once. */
  public final void vfmadd231(int sum, int a, int b) {
    vector(MAP_0F38, PREFIX_66, wide, 0xB8, sum, a, b);
  }

  /** Four floats as doubles. */
  public final void vcvtps2pd(int to, Place from) {
    vex(MAP_0F, NO_PREFIX, false, 0x5A, to, 0, from);
  }

  /** to ← a + b, of doubles. */
  public final void vaddpd(int to, int a, int b) {
    vex(MAP_0F, PREFIX_66, false, 0x58, to, a, b);
  }

  /** The lowest numbers alone: a float as a double. */
  public final void vcvtss2sd(int to, Place from) {
    vex(MAP_0F, PREFIX_F3, false, 0x5A, to, to, from);
  }

  /** to ← a + b, of the lowest doubles alone. */
  public final void vaddsd(int to, int a, int b) {
    vex(MAP_0F, PREFIX_F2, false, 0x58, to, a, b);
  }

  /** to ← a + b, of the lowest doubles alone. */
  public final void vaddsd(int to, int a, Place b) {
    vex(MAP_0F, PREFIX_F2, false, 0x58, to, a, b);
  }

  /** The lowest double, and zeros above. */
  public final void vmovsd(int to, Place from) {
    vex(MAP_0F, PREFIX_F2, false, 0x10, to, 0, from);
  }

  /** Writes the lowest double. */
  public final void vmovsd(Place to, int from) {
    vex(MAP_0F, PREFIX_F2, false, 0x11, from, 0, to);
  }

  /** to ← 0. */
  public final void vzero(int to) {
    vector(MAP_0F, PREFIX_66, false, 0xEF, to, to, to);
  }

  /** The lower numbers of each half of a and b in turns. */
  public final void vunpcklps(int to, int a, int b) {
    vex(MAP_0F, NO_PREFIX, false, 0x14, to, a, b);
  }

  /** The upper numbers of each half of a and b in turns. */
  public final void vunpckhps(int to, int a, int b) {
    vex(MAP_0F, NO_PREFIX, false, 0x15, to, a, b);
  }

  /** The same of pairs of floats or of doubles. */
  public final void vunpcklpd(int to, int a, int b) {
    vex(MAP_0F, PREFIX_66, false, 0x14, to, a, b);
  }

  /** The same of pairs of floats or of doubles. */
  public final void vunpckhpd(int to, int a, int b) {
    vex(MAP_0F, PREFIX_66, false, 0x15, to, a, b);
  }

  /** Two of the four halves of a and b, chosen by bits 0 and 1, and 4 and 5. */
  public final void vperm2f128(int to, int a, int b, int choice) {
    vex(MAP_0F3A, PREFIX_66, false, 0x06, to, a, b);
    int8(choice);
  }

  /** Forgets the upper halves, as who calls expects. */
  public final void vzeroupper() {
    int8(0xC5);
    int8(0xF8);
    int8(0x77);
  }

  // ---- encodings

  /** Whether instructions are those of AVX-512. */
  private boolean isLater() {
    return vectors != Vectors.AVX2;
  }

  private void vector(int map, int prefix, boolean w, int opcode, int register, int a, int b) {
    if (isLater()) {
      evex(map, prefix, w, opcode, register, a, b >> 1, b);
      direct(register, b);
    } else {
      vex(map, prefix, w, opcode, register, a, b);
    }
  }

  private void vector(
      int map, int prefix, boolean w, int opcode, int register, int a, Place place) {
    if (isLater()) {
      evex(map, prefix, w, opcode, register, a, place.index().number, place.base().number);
      indirect(register, place, false);
    } else {
      vex(map, prefix, w, opcode, register, a, place);
    }
  }

  /** The longer prefix, which has the five bits of vector registers. */
  private void evex(
      int map, int prefix, boolean w, int opcode, int register, int a, int index, int base) {
    int high = bit(register, 3, 7) | bit(index, 3, 6) | bit(base, 3, 5) | bit(register, 4, 4);
    bytes(0x62, (high ^ 0xF0) | map, (w ? 0x80 : 0) | ((~a & LOWER) << 3) | 4 | prefix);
    int length = vectors.bits / 256;
    bytes((length << 5) | (bit(a, 4, 3) ^ 8), opcode);
  }

  /** A bit of a number in another place. */
  private static int bit(int number, int from, int to) {
    return ((number >> from) & 1) << to;
  }

  final void vex(int map, int prefix, boolean w, int opcode, int to, int a, int b) {
    vex(map, prefix, w, opcode, to, a, 0, b);
    direct(to, b);
  }

  final void vex(int map, int prefix, boolean w, int opcode, int register, int a, Place place) {
    vex(map, prefix, w, opcode, register, a, place.index().number, place.base().number);
    indirect(register, place);
  }

  private void vex(
      int map, int prefix, boolean w, int opcode, int register, int a, int index, int base) {
    int high = (register >> 3 << 7) | (index >> 3 << 6) | (base >> 3 << 5);
    bytes(0xC4, (high ^ 0xE0) | map, (w ? 0x80 : 0) | ((a ^ LOWER) << 3) | 4 | prefix, opcode);
  }
}
