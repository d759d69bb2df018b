package org.kotangent.ad;

/** A primal together with the node that computed it. */
final class Taped extends Differentiated {
  private final Node node;
  private final int output;

  Taped(Level level, Tensor primal, Node node, int output) {
    super(level, primal);
    this.node = node;
    this.output = output;
  }

  Node node() {
    return node;
  }

  /** Which of the node's outputs this is. */
  int output() {
    return output;
  }
}
