/**
 * Differentiable values, the primitives that act on them and the transformations that differentiate
 * functions.
 */
module org.kotangent.ad {
  requires java.management;
  requires static transitive org.jspecify;
  requires static jdk.incubator.vector;

  exports org.kotangent.ad;
  exports org.kotangent.ad.scalar;
  exports org.kotangent.ad.internal to
      org.kotangent.ops;

  uses org.kotangent.ad.TreeAdapter;
}
