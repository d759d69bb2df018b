package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the operands of a function: those that are to vary, and the others, which stay as they
 * are.
 */
final class Subset {
  private final boolean[] chosen;

  private Subset(boolean[] chosen) {
    this.chosen = chosen;
  }

  /** Those that are not null. */
  static Subset present(@Nullable Tensor[] tensors) {
    boolean[] chosen = new boolean[tensors.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = tensors[i] != null;
    }
    return new Subset(chosen);
  }

  /** Those that belong to a level. */
  static Subset owned(Level level, Tensor[] tensors) {
    boolean[] chosen = new boolean[tensors.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = level.owns(tensors[i]);
    }
    return new Subset(chosen);
  }

  /** The active operands of a reverse rule. */
  static Subset active(Residuals r) {
    boolean[] chosen = new boolean[r.inputs()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = r.active(i);
    }
    return new Subset(chosen);
  }

  /** Whether each is chosen. */
  boolean[] chosen() {
    return chosen;
  }

  /** The chosen ones, in order. */
  List<Tensor> of(@Nullable Tensor[] all) {
    List<Tensor> some = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      Tensor t = all[i];
      if (chosen[i] && t != null) {
        some.add(t);
      }
    }
    return some;
  }

  /** As many places as there are operands, with the given ones at the chosen places. */
  @Nullable Tensor[] spread(List<Tensor> some) {
    @Nullable Tensor[] all = new Tensor[chosen.length];
    int next = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] = chosen[i] ? some.get(next++) : null;
    }
    return all;
  }

  /** The operands with others at the chosen places. */
  List<Tensor> replaced(Tensor[] all, List<Tensor> some) {
    List<Tensor> out = new ArrayList<>(List.of(all));
    int next = 0;
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        out.set(i, some.get(next++));
      }
    }
    return out;
  }
}
