package org.kotangent.ad.internal;

/** Writes instructions that act on the numbers of AVX2's vectors one by one. */
public final class LaneAssembler extends AvxAssembler {
  /** What is done with two numbers. */
  public enum Operation {
    ADD(0x58),
    MUL(0x59),
    SUB(0x5C),
    MIN(0x5D),
    DIV(0x5E),
    MAX(0x5F),
    AND(0x54),
    OR(0x56),
    XOR(0x57);

    private final int opcode;

    Operation(int opcode) {
      this.opcode = opcode;
    }
  }

  /** How two numbers are compared; NaN is unordered, and nothing else. */
  public enum Comparison {
    EQUAL(0x00),
    UNORDERED(0x03),
    LESS(0x11),
    LESS_EQUAL(0x12),
    NOT_LESS(0x1D);

    private final int code;

    Comparison(int code) {
      this.code = code;
    }
  }

  /** Which of three numbers are multiplied; the first is written over. */
  public enum Product {
    /** a ← a·c + b. */
    FIRST_AND_LAST(0x98),
    /** a ← a·b + c. */
    FIRST_TWO(0xA8),
    /** a ← b·c + a. */
    LAST_TWO(0xB8);

    private final int opcode;

    Product(int opcode) {
      this.opcode = opcode;
    }
  }

  /** For floats or, where {@code wide}, for doubles. */
  public LaneAssembler(boolean wide) {
    super(wide);
  }

  /** to ← a and b. */
  public void vop(Operation operation, int to, int a, Source b) {
    vex(MAP_0F, ofType(), false, operation.opcode, to, a, b);
  }

  /** A product and a sum, rounded once. */
  public void vfma(Product product, int a, int b, Source c) {
    vex(MAP_0F38, PREFIX_66, wide, product.opcode, a, b, c);
  }

  /** Bits that are all set where the comparison holds, else all clear. */
  public void vcmp(Comparison comparison, int to, int a, Source b) {
    vex(MAP_0F, ofType(), false, 0xC2, to, a, b);
    int8(comparison.code);
  }

  /** to ← b where the highest bit of the mask is set, else a. */
  public void vblendv(int to, int a, Source b, int mask) {
    vex(MAP_0F3A, PREFIX_66, false, wide ? 0x4B : 0x4A, to, a, b);
    int8(mask << 4);
  }

  /** to ← √a. */
  public void vsqrt(int to, Source a) {
    vex(MAP_0F, ofType(), false, 0x51, to, 0, a);
  }

  /** Sums of integers as wide as the numbers. */
  public void vpadd(int to, int a, Source b) {
    vex(MAP_0F, PREFIX_66, false, wide ? 0xD4 : 0xFE, to, a, b);
  }

  /** Differences of integers as wide as the numbers. */
  public void vpsub(int to, int a, Source b) {
    vex(MAP_0F, PREFIX_66, false, wide ? 0xFB : 0xFA, to, a, b);
  }

  /** Bits of integers as wide as the numbers, moved towards the higher ones. */
  public void vpsll(int to, int a, int by) {
    vex(MAP_0F, PREFIX_66, false, wide ? 0x73 : 0x72, 6, to, a);
    int8(by);
  }

  /** Bits moved towards the lower ones, with zeros behind them. */
  public void vpsrl(int to, int a, int by) {
    vex(MAP_0F, PREFIX_66, false, wide ? 0x73 : 0x72, 2, to, a);
    int8(by);
  }

  /** A vector from where it is. */
  public void vmov(int to, Source from) {
    vex(MAP_0F, NO_PREFIX, false, 0x10, to, 0, from);
  }

  /** The same 32 bits in each lane. */
  public void vpbroadcastd(int to, Place from) {
    vex(MAP_0F38, PREFIX_66, false, 0x58, to, 0, from);
  }

  /** Bits that are all set where two integers of 32 bits are equal, else all clear. */
  public void vpcmpeqd(int to, int a, int b) {
    vex(MAP_0F, PREFIX_66, false, 0x76, to, a, b);
  }

  /** to ← b in the lanes whose bit is set, else a; lanes of 32 bits. */
  public void vblendps(int to, int a, int b, int lanes) {
    vex(MAP_0F3A, PREFIX_66, false, 0x0C, to, a, b);
    int8(lanes);
  }

  /** Two lanes of each half of a, then two of b, of 32 bits, each chosen by two bits. */
  public void vshufps(int to, int a, int b, int lanes) {
    vex(MAP_0F, NO_PREFIX, false, 0xC6, to, a, b);
    int8(lanes);
  }

  /** Four lanes of 64 bits, each chosen by two bits. */
  public void vpermpd(int to, int from, int lanes) {
    vex(MAP_0F3A, PREFIX_66, true, 0x01, to, 0, from);
    int8(lanes);
  }

  /** What tells doubles from floats. */
  private int ofType() {
    return wide ? PREFIX_66 : NO_PREFIX;
  }

  private void vex(int map, int prefix, boolean w, int opcode, int to, int a, Source b) {
    switch (b) {
      case Ymm ymm -> vex(map, prefix, w, opcode, to, a, ymm.number());
      case Place place -> vex(map, prefix, w, opcode, to, a, place);
    }
  }
}
