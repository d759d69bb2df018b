package org.kotangent.ops.internal;

/** The kernels that are faster with the Vector API. */
final class VectorKernels implements Kernels {}
