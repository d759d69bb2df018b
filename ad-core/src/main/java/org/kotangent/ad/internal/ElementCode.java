package org.kotangent.ad.internal;

import java.lang.classfile.TypeKind;
import org.kotangent.ad.DType;
import org.kotangent.ad.ScalarOp;

/** The bytecode of operations on elements of tensors: on one at a time or on a vector of them. */
public interface ElementCode {
  /** Elements in one value. */
  int lanes();

  /** The kind of local variable that holds a value of the type. */
  TypeKind kind(DType type);

  /** Pushes a number rounded to the type. */
  void constant(double value);

  /** Replaces the operands on the stack by the result. */
  void apply(ScalarOp op);

  /**
   * Pushes the second value where the first holds, else the third; each is pushed by what is given.
   */
  void select(Runnable condition, Runnable yes, Runnable no);

  /** Replaces an array and an index on the stack by what is there. */
  void read(DType type);

  /** Replaces one element on the stack by as many copies as there are lanes. */
  void spread(DType type);

  /** Stores a value into an array; array, index and value are on the stack. */
  void write(DType type);

  /** What is to be done once, before all else. */
  void prepare();
}
