package org.kotangent.dsl

import org.kotangent.ad.AdException
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key

/**
 * Any function as a layer. `[batch, …] → [batch, …]`
 *
 * To learn the shape of its output, and whether it accepts its input at all, the function is called with a batch of two
 * examples of zeros while the network is built; it must be pure. Its receptive field is unknown and its operations are
 * not counted.
 *
 * @property kind its name; in paths it is followed by a number
 * @property declared its parameters, for examples of a given shape
 * @property function its value for parameters and a batch
 */
public data class FunctionLayer(
    override val kind: String,
    val declared: (Shape) -> List<Parameter>,
    val function: (Params, Tensor) -> Tensor,
) : Layer {
    override fun check(input: Outline, at: Place): Checked {
        val shape = input.shape() ?: return Checked(emptyList(), Outline.Unknown)
        return try {
            val y = probe(shape)
            val perExample = y.rank() > 0 && y.dim(0) == PROBES
            val rule = "the result must have a row for each example of the batch"
            val got = "${y.shape()} for a batch of $PROBES"
            val error = at.argument(perExample, kind, rule, got, "keep axis 0")
            Checked(listOfNotNull(error), if (perExample) Outline.of(y.shape().drop(0)) else Outline.Unknown)
        } catch (e: AdException) {
            val rule = "the function must accept a batch of its input (${e.message})"
            Checked(
                listOfNotNull(at.input(false, kind, rule, input, "change the function or its input")),
                Outline.Unknown,
            )
        }
    }

    /** The value for zeros, of either type: a function may hold tensors of one of them. */
    private fun probe(shape: Shape): Tensor = try {
        probe(shape, DType.F32)
    } catch (_: DTypeException) {
        probe(shape, DType.F64)
    }

    private fun probe(shape: Shape, dtype: DType): Tensor {
        val params = declared(shape).sample(Key.of(0), dtype)
        return function(params, Tensor.zeros(Spec(dtype, shape.insert(0, PROBES))))
    }

    override fun parameters(input: Shape): List<Parameter> = declared(input)

    override fun receptiveField(input: ReceptiveField): ReceptiveField = ReceptiveField.Unknown

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied =
        Applied(function(params, x), state)

    private companion object {
        /** Two examples, because one could not be told from a missing batch axis that broadcasts. */
        const val PROBES = 2
    }
}
