package org.kotangent.dsl

import org.kotangent.ad.Core
import org.kotangent.ad.Tensor

/** The sum of all elements. [*s] → [] */
public fun sum(x: Tensor): Tensor = Core.sum(x, intArrayOf(), false)
