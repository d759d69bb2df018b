package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ops.Ops

/** The element type of parameters. */
public val parameterType: DType = Ops.defaultType()
