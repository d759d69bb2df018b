/** Differentiable values, the primitives that act on them and the transformations of functions. */
@NullMarked
package org.kotangent.ad;

import org.jspecify.annotations.NullMarked;
