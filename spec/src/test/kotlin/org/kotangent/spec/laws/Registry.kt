package org.kotangent.spec.laws

/** Every differentiable operation there is a case for. */
val allCases: List<Case> =
    scalarOpCases + coreCases + elementaryCases + linalgCases + shapesCases + reduceCases + nnCases + dropoutCases +
        lossCases

/** Operations without a derivative. */
val plainCases: List<Case> = plainScalarOpCases + plainOperationCases + randomCases

/** Operations whose results are numbers of another precision, which the laws cannot ask for; `TensorSpec` does. */
val conversions: Set<String> = setOf("Core.cast")
