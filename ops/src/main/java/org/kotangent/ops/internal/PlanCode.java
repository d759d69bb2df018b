package org.kotangent.ops.internal;

import static org.kotangent.ad.internal.Assembler.Place.at;
import static org.kotangent.ops.internal.TileRegisters.PLAN;

import org.kotangent.ad.internal.Assembler;
import org.kotangent.ad.internal.Assembler.Place;
import org.kotangent.ad.internal.Assembler.Register;

/**
 * Code that reads a plan: fields, and tables that fields tell of.
 *
 * @param code what is appended to
 * @param number bytes of a number
 */
record PlanCode(Assembler code, int number) {
  /** A field. */
  Place field(int place) {
    return at(PLAN, place * Integer.BYTES);
  }

  /** The distance that a field holds, in bytes. */
  void distance(Register to, int place) {
    code.movsxd(to, field(place));
    code.shl(to, Integer.numberOfTrailingZeros(number));
  }

  /** Where the table is that a field tells of. */
  void tableTo(Register to, int place) {
    code.movsxd(to, field(place));
    code.lea(to, at(PLAN, to, Integer.BYTES));
  }
}
