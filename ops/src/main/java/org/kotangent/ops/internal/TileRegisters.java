package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Register.R10;
import static org.kotangent.ad.internal.Assembler.Register.R11;
import static org.kotangent.ad.internal.Assembler.Register.R12;
import static org.kotangent.ad.internal.Assembler.Register.R13;
import static org.kotangent.ad.internal.Assembler.Register.R14;
import static org.kotangent.ad.internal.Assembler.Register.R15;
import static org.kotangent.ad.internal.Assembler.Register.R8;
import static org.kotangent.ad.internal.Assembler.Register.R9;
import static org.kotangent.ad.internal.Assembler.Register.RAX;
import static org.kotangent.ad.internal.Assembler.Register.RBP;
import static org.kotangent.ad.internal.Assembler.Register.RBX;
import static org.kotangent.ad.internal.Assembler.Register.RCX;
import static org.kotangent.ad.internal.Assembler.Register.RDI;
import static org.kotangent.ad.internal.Assembler.Register.RDX;
import static org.kotangent.ad.internal.Assembler.Register.RSI;

import java.util.List;
import org.kotangent.ad.internal.Assembler.Register;

/** What {@link NativeTileCode} keeps in which register. */
final class TileRegisters {
  /** The plan. */
  static final Register PLAN = RDI;

  /** The first row of a, and the fourth. */
  static final Register A = RSI;

  static final Register A3 = R9;

  /** From one row of a to the next, from one term to the next; or a table of terms. */
  static final Register A_DOWN = R8;

  static final Register A_ACROSS = R10;

  /** Terms that are left, or are done. */
  static final Register TERM = RAX;

  /** The vectors of b, and how far their terms are; or a table of terms. */
  static final List<Register> B = List.of(RDX, RCX, RBX, RBP);

  static final Register B_AT = R11;

  /** For what is needed at once. */
  static final Register FREE = R12;

  /** The first row of c, and from one row to the next. */
  static final Register C = R13;

  static final Register C_DOWN = R15;

  /** The masks of the vectors; or the first row of a. */
  static final Register MASKS = R14;

  /** The vector register of a mask. */
  static final int MASK = 15;

  private TileRegisters() {}
}
