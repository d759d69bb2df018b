package org.kotangent.ops.internal;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.internal.Assembler;
import org.kotangent.ad.internal.MachineCode;
import org.kotangent.ops.internal.NativeTileCode.Terms;

/** The machine code for one type of numbers, made when it is first asked for. */
final class NativeTiles {
  private static final NativeTiles F32 = new NativeTiles(false);
  private static final NativeTiles F64 = new NativeTiles(true);

  private final boolean wide;
  private final Form spaced = new Form(() -> code(Terms.SPACED, false));
  private final Form spacedMasked = new Form(() -> code(Terms.SPACED, true));
  private final Form listed = new Form(() -> code(Terms.LISTED, false));
  private final Form listedMasked = new Form(() -> code(Terms.LISTED, true));
  private final Form vectors = new Form(() -> code(Terms.VECTORS, false));
  private final Form vectorsMasked = new Form(() -> code(Terms.VECTORS, true));
  private final Form large = new Form(this::large);
  private final Form rows;
  private final Form columns;

  private NativeTiles(boolean wide) {
    this.wide = wide;
    this.rows = new Form(() -> NativePackingCode.rows(wide));
    this.columns = new Form(() -> NativePackingCode.columns(wide));
  }

  private Assembler code(Terms terms, boolean masked) {
    return NativeTileCode.of(wide, terms, masked);
  }

  private Assembler large() {
    return NativeTileCode.large(wide);
  }

  /** That for numbers like those of an array. */
  static NativeTiles of(Object array) {
    return array instanceof float[] ? F32 : F64;
  }

  /** Numbers in a vector. */
  int lanes() {
    return NativeTileCode.VECTOR / (wide ? Double.BYTES : Float.BYTES);
  }

  /** Appends the mask of the first lanes, as long as a vector. */
  void mask(int lanes, TilePlan plan) {
    int size = NativeTileCode.VECTOR / Integer.BYTES;
    for (int i = 0; i < size; i++) {
      plan.add(i < lanes * size / lanes() ? -1 : 0);
    }
  }

  /** Sums of products. */
  NativeFunction tiles(Terms terms, boolean masked) {
    return switch (terms) {
      case SPACED -> (masked ? spacedMasked : spaced).get();
      case LISTED -> (masked ? listedMasked : listed).get();
      case VECTORS -> (masked ? vectorsMasked : vectors).get();
    };
  }

  /** The same of spaced terms, for vectors twice as long; where there are none, nothing. */
  Optional<NativeFunction> largeTiles() {
    return MachineCode.hasAvx512() ? Optional.of(large.get()) : Optional.empty();
  }

  /** Copies of vectors that are rows or, transposed, columns. */
  NativeFunction packing(boolean transposed) {
    return (transposed ? columns : rows).get();
  }

  /** Code that is made once. */
  private final class Form {
    private final Supplier<Assembler> source;
    private volatile @Nullable NativeFunction made;

    Form(Supplier<Assembler> source) {
      this.source = source;
    }

    NativeFunction get() {
      NativeFunction function = made;
      return function == null ? make() : function;
    }

    private synchronized NativeFunction make() {
      NativeFunction function = made;
      if (function == null) {
        Class<?> array = wide ? double[].class : float[].class;
        function = new NativeFunction(source.get(), array, array, array);
        made = function;
      }
      return function;
    }
  }
}
