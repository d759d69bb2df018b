/**
 * What the engines of this module share and nobody else sees: numeric functions and their bytecode.
 */
@NullMarked
package org.kotangent.ad.internal;

import org.jspecify.annotations.NullMarked;
