package org.kotangent.ad;

/**
 * The type of a tensor's elements. Floating types are differentiable; I32 and BOOL carry indices
 * and masks and never are. Types do not mix silently: convert with {@link Tensor#to(DType)}.
 */
public enum DType {
  /** IEEE 754 binary32. */
  F32(true),
  /** IEEE 754 binary64. */
  F64(true),
  /** 32-bit two's complement integer. */
  I32(false),
  /** Truth value. */
  BOOL(false);

  private final boolean floating;

  DType(boolean floating) {
    this.floating = floating;
  }

  /** Whether elements are real numbers, which is what can be differentiated. */
  public boolean isFloating() {
    return floating;
  }

  /** Bytes of one element in memory. */
  public int bytes() {
    return switch (this) {
      case F32, I32 -> 4;
      case F64 -> 8;
      case BOOL -> 1;
    };
  }

  /** The short lower-case name that specs and messages use, such as {@code f32}. */
  public String label() {
    return switch (this) {
      case F32 -> "f32";
      case F64 -> "f64";
      case I32 -> "i32";
      case BOOL -> "bool";
    };
  }
}
