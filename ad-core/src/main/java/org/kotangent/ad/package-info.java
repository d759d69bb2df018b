/**
 * Automatic differentiation of ordinary functions: the tensor, the primitive and its rules, forward
 * and reverse mode nested to any order, and trees of arguments.
 */
@NullMarked
package org.kotangent.ad;

import org.jspecify.annotations.NullMarked;
