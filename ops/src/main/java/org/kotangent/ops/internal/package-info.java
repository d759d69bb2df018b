/** Kernels: loops over plain arrays, without derivatives. */
@NullMarked
package org.kotangent.ops.internal;

import org.jspecify.annotations.NullMarked;
