package org.kotangent.ad;

/**
 * An operation that merely moves numbers, chooses among them or writes them in another type: it
 * computes none, and takes no {@linkplain Primitive#flops floating-point operation}.
 */
public interface Moving {}
