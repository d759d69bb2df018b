package org.kotangent.spec.laws

import io.kotest.core.spec.style.FunSpec

class ScalarOpLawsSpec : FunSpec({ include(lawsOf(scalarOpCases)) })
