package org.kotangent.spec.laws

import io.kotest.core.spec.style.FunSpec

class ScalarOpLawsSpec : FunSpec({ include(lawsOf(scalarOpCases)) })

class CoreLawsSpec : FunSpec({ include(lawsOf(coreCases)) })

class ElementaryLawsSpec : FunSpec({ include(lawsOf(elementaryCases)) })

class LinalgLawsSpec : FunSpec({ include(lawsOf(linalgCases)) })

class ShapesLawsSpec : FunSpec({ include(lawsOf(shapesCases)) })

class ReduceLawsSpec : FunSpec({ include(lawsOf(reduceCases)) })

class NnLawsSpec : FunSpec({ include(lawsOf(nnCases + dropoutCases)) })

class LossLawsSpec : FunSpec({ include(lawsOf(lossCases)) })

class PlainLawsSpec :
    FunSpec({
        include(plainLawsOf(plainCases))
        include(lawsOf(plainCases, listOf(graphIsTheFunction, plansComputeTheSame, vmapIsTheLoop, vmapOfVmap)))
    })
