/**
 * Derivatives of functions of single numbers: {@link org.kotangent.ad.scalar.Real} is the number a
 * function computes with, {@link org.kotangent.ad.scalar.Reals} differentiates the function.
 */
@NullMarked
package org.kotangent.ad.scalar;

import org.jspecify.annotations.NullMarked;
