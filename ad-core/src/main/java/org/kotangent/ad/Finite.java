package org.kotangent.ad;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.NonFinite.Stage;

/** A value unchanged, of which values or derivatives must be finite. */
final class Finite extends Identity {
  /** Finds out where a number that is not finite arose. */
  @FunctionalInterface
  interface Search {
    Optional<NonFinite> origin(Stage stage);
  }

  private final String path;
  private final boolean result;
  private final @Nullable Stage checked;
  private final Search search;

  private Finite(String path, boolean result, @Nullable Stage checked, Search search) {
    this.path = path;
    this.result = result;
    this.checked = checked;
    this.search = search;
  }

  /** A tensor of an argument, whose cotangent must be finite. */
  static Finite argument(String path, Search search) {
    return new Finite(path, false, null, search);
  }

  /** A tensor of a result, whose value and tangent must be finite. */
  static Finite result(String path, Search search) {
    return new Finite(path, true, Stage.VALUE, search);
  }

  @Override
  public String name() {
    return "requireFinite";
  }

  @Override
  public Object attributes() {
    return List.of(path, result ? "result" : "argument", checked == null ? "" : checked);
  }

  @Override
  boolean isTransparent() {
    return checked == null;
  }

  @Override
  Primitive tangent() {
    return result ? new Finite(path, true, Stage.TANGENT, search) : this;
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return result ? gy : new Finite(path, false, Stage.COTANGENT, search).apply(gy);
  }

  @Override
  Tensor[] evaluate(Tensor[] in) {
    check(in[0].array());
    return in;
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    check(in[0]);
    super.kernel(in, out);
  }

  private void check(Arr x) {
    int i = checked == null ? -1 : NonFiniteEvent.first(x);
    if (checked != null && i >= 0) {
      throw new NonFiniteException(search.origin(checked).orElseGet(() -> end(checked, x, i)));
    }
  }

  /** What is known without an origin. */
  private NonFinite end(Stage stage, Arr x, int i) {
    String of = (result ? "result" : "argument") + (path.isEmpty() ? "" : " " + path);
    return new NonFinite(
        stage,
        stage.name().toLowerCase(Locale.ROOT) + " of " + of,
        name(),
        -1,
        Optional.empty(),
        List.of(),
        x.spec(),
        NonFiniteEvent.position(x.shape(), i),
        x.get(i),
        Optional.empty(),
        "ask Diagnostics.firstNonFinite about one element, outside of other transformations");
  }

  /** The search in a function at a point, if the numbers of the point are known. */
  static Search search(Function<List<Tensor>, List<Tensor>> f, Tree<?> argument) {
    return stage -> {
      try {
        List<Tensor> x = argument.leaves().stream().map(Differentiated::plain).toList();
        NonFiniteSearch search = new NonFiniteSearch(f, x, argument.paths());
        return switch (stage) {
          case VALUE -> search.inValue();
          case TANGENT -> search.inTangent();
          case COTANGENT -> search.inCotangent();
        };
      } catch (AdException e) {
        return Optional.empty(); // The function cannot be run again here.
      }
    };
  }
}
