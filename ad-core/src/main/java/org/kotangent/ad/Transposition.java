package org.kotangent.ad;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Derives the rule a primitive does not declare from the one it does. A {@code jvp} is linear in
 * its tangents, so its pullback is the {@code vjp}; a {@code vjp} is linear in its cotangents, so
 * the pullback of that is the {@code jvp} again. The point at which a linear map is linearised does
 * not matter: zeros serve.
 */
final class Transposition {
  private record Declared(boolean jvp, boolean vjp) {}

  private static final ClassValue<Declared> DECLARED =
      new ClassValue<>() {
        @Override
        protected Declared computeValue(Class<?> type) {
          return new Declared(
              declares(type, "jvp", Tensor[].class, Tensor[].class, Tensor[].class),
              declares(type, "vjp", Residuals.class, Tensor[].class));
        }
      };

  private Transposition() {}

  static @Nullable Tensor[] vjp(Primitive p, Residuals r, @Nullable Tensor[] gy) {
    require(DECLARED.get(p.getClass()).jvp(), p, "reverse");
    int n = r.inputs();
    Tensor[] x = new Tensor[n];
    for (int i = 0; i < n; i++) {
      x[i] = r.x(i);
    }
    Tensor[] y = new Tensor[gy.length];
    for (int j = 0; j < y.length; j++) {
      y[j] = r.y(j);
    }
    TapeLevel level = new TapeLevel("vjp");
    @Nullable Tensor[] dx = new Tensor[n];
    Taped[] sources = new Taped[n];
    for (int i = 0; i < n; i++) {
      if (r.active(i)) {
        sources[i] = level.source(Tensor.zeros(r.in(i)));
        dx[i] = sources[i];
      }
    }
    @Nullable Tensor[] dy = p.below().jvp(x, y, dx);
    level.close();
    return Tape.of(level, sources, dy).pullOnce(gy);
  }

  static @Nullable Tensor[] jvp(Primitive p, Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    require(DECLARED.get(p.getClass()).vjp(), p, "forward");
    boolean[] active = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      active[i] = dx[i] != null;
    }
    TapeLevel level = new TapeLevel("jvp");
    @Nullable Tensor[] gy = new Tensor[y.length];
    Taped[] sources = new Taped[y.length];
    for (int j = 0; j < y.length; j++) {
      if (y[j].dtype().isFloating()) {
        sources[j] = level.source(Tensor.zeros(y[j].spec()));
        gy[j] = sources[j];
      }
    }
    @Nullable Tensor[] gx = p.vjp(Residuals.of(p, x, y, active), gy);
    for (int i = 0; i < gx.length; i++) {
      gx[i] = active[i] ? gx[i] : null;
    }
    level.close();
    return Tape.of(level, sources, gx).pullOnce(dx);
  }

  private static void require(boolean other, Primitive p, String mode) {
    if (!other) {
      throw new MissingRuleException(
          Checks.message(
              p.name(),
              "has no " + mode + " rule",
              p.getClass().getName(),
              "override jvp or vjp, or declare it as Elementwise, Linear or Bilinear"));
    }
  }

  private static boolean declares(Class<?> type, String name, Class<?>... parameters) {
    try {
      Method method = type.getMethod(name, parameters);
      return method.getDeclaringClass() != Primitive.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
