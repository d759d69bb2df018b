package org.kotangent.ad;

import java.util.List;

/** A primitive, the tensors it is to be applied to and what its results will be. */
record Application(Primitive primitive, List<Tensor> operands, List<Spec> results) {}
