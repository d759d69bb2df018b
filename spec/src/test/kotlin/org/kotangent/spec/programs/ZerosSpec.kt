package org.kotangent.spec.programs

import io.kotest.core.spec.style.FunSpec

/** Derivatives of programs drawn at random, beside functions whose slopes are infinite. */
class ZerosSpec :
    FunSpec({
        test("${zerosAreExact.title}: tensors") { Generator().programs(60).forEach(zerosAreExact::check) }

        val numbers = scalarGenerator().programs(60)

        test("${zerosAreExact.title}: single numbers") { numbers.forEach(zerosAreExact::check) }

        test("${zerosAreExact.title}: the scalar engine") { numbers.forEach(scalarZerosAreExact::check) }
    })
