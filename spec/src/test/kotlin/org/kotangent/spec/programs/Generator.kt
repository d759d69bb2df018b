package org.kotangent.spec.programs

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.spec.laws.Sampler
import kotlin.random.Random

/** How often another instruction is tried where one is not defined or not tame. */
private const val PATIENCE = 100

/**
 * Writes programs at random: the same one for the same seed.
 *
 * @param kinds what it does with nested functions
 * @param recipes families of recipes for everything else
 * @param extra recipes besides these, each as likely as a whole family
 * @param inputs what programs start from
 */
class Generator(
    kinds: Collection<Kind> = Kind.entries,
    recipes: List<List<Recipe>> = tensorRecipes,
    extra: List<Recipe> = emptyList(),
    private val inputs: Sampler.() -> List<Tensor> = Sampler::tensors,
) {
    private val families: List<List<Recipe>> =
        recipes + listOf(listOf(nested(kinds.toList(), ::write))) + extra.map(::listOf)

    /** A program of that many instructions, less those on which no result depends. */
    fun program(seed: Long, length: Int): Program {
        val sampler = Sampler(Random(seed))
        return generateSequence { program(sampler, length) }.first {
            it.code.outputs.isNotEmpty() &&
                Neighbourhood.isTame(it)
        }
    }

    private fun program(sampler: Sampler, length: Int): Program {
        val point = sampler.inputs()
        val around = Neighbourhood.around(point)
        val instructions = write(Draft(sampler, around, depth = 0), length)
        val moving = (point.size until around.values.size).filter(around::moves)
        val used = instructions.flatMap { it.operands }.toSet()
        val outputs = moving.filter { it !in used }.ifEmpty { moving }.takeLast(3).toIntArray()
        return Program(point, Code(point.size, instructions, listOf()).giving(*outputs)).withoutIdleInputs()
    }

    /** Adds instructions to a draft, all of them defined and tame there. */
    private fun write(draft: Draft, length: Int): List<Instruction> = (1..length).mapNotNull {
        (1..PATIENCE).firstNotNullOfOrNull {
            val recipe = families.random(draft.sampler.random).random(draft.sampler.random)
            recipe.write(draft)?.takeIf(draft::add)
        }
    }
}

private val tensorRecipes: List<List<Recipe>> =
    elementwiseRecipes + linearRecipes + listOf(shapeRecipes, reduceRecipes)

/** Programs of single numbers. */
internal fun scalarGenerator(extra: List<Recipe> = emptyList()) =
    Generator(scalarKinds.keys, scalarRecipes, extra) { List(int(1..4)) { tensor(Shape.scalar()) } }

/** A few inputs whose shapes suit each other, and sometimes images and filters for them. */
private fun Sampler.tensors(): List<Tensor> {
    val shape = Shape.of(*IntArray(int(1..3)) { int(1..3) })
    val related =
        listOf(shape, shape, shape.drop(0), shape.with(int(0 until shape.rank()), 1), Shape.scalar(), filledShape())
    val few = related.shuffled(random).take(int(1..3)).map { tensor(it) }
    val channels = int(1..2)
    val images = listOf(tensor(int(1..2), channels, 3, int(2..3)), tensor(2, channels, 2, int(1..2)))
    return if (int(1..4) == 1) images + few.take(1) else few
}
