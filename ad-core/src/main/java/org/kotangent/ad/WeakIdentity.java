package org.kotangent.ad;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** An object by its identity; it is not kept from being collected. */
final class WeakIdentity {
  private final WeakReference<Object> reference;
  private final int hash;

  WeakIdentity(Object object) {
    this.reference = new WeakReference<>(object);
    this.hash = System.identityHashCode(object);
  }

  /** Whether it is this object. */
  boolean is(@Nullable Object object) {
    return object != null && reference.refersTo(object);
  }

  /** The object, if it is still there. */
  @Nullable Object get() {
    return reference.get();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof WeakIdentity w && is(w.get()));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
