package org.kotangent.ad;

/** The element type of a tensor. */
public enum DType {
  F32,
  F64,
  I32,
  BOOL
}
