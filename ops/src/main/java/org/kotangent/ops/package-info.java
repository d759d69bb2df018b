/** The operations, grouped by domain. */
@NullMarked
package org.kotangent.ops;

import org.jspecify.annotations.NullMarked;
