package org.kotangent.spec.programs

import io.kotest.core.spec.style.FunSpec

/**
 * The laws of differentiation for programs drawn at random, in which values are shared, broadcast, reduced and moved,
 * branches are taken, and derivatives are computed on the way.
 */
class ProgramLawsSpec : FunSpec({ include(lawsOf(Generator().programs(150))) })
