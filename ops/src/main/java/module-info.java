/** The operations on differentiable values: each with its kernel and its derivative rule. */
module org.kotangent.ops {
  requires transitive org.kotangent.ad;
  requires static org.jspecify;
  requires static jdk.incubator.vector;

  exports org.kotangent.ops;
}
