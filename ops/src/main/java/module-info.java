/** The operations on differentiable values: each with its kernel and its derivative rule. */
module org.kotangent.ops {
  requires transitive org.kotangent.ad;
  requires static org.jspecify;

  exports org.kotangent.ops;
}
