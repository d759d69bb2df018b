/**
 * Differentiable values, the primitives that act on them and the transformations that differentiate
 * functions.
 */
module org.kotangent.ad {
  requires static transitive org.jspecify;

  exports org.kotangent.ad;
  exports org.kotangent.ad.scalar;

  uses org.kotangent.ad.TreeAdapter;
}
