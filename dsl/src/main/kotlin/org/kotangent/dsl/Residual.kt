package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/**
 * A skip connection: y = shortcut(x) + body(x). `[batch, …] → [batch, …]`
 *
 * Without a shortcut x itself is added, and the body must keep its shape. The paths of the body's layers follow that of
 * the residual, `residual1.conv1`; those of the shortcut have a part more, `residual1.shortcut.conv1`. Source: Boué
 * 2018, §2; He et al. 2016.
 *
 * @property body what is learnt
 * @property shortcut what is added to it; empty for x itself
 */
public data class Residual
@JvmOverloads
constructor(val body: Chain, val shortcut: Chain = Chain(emptyList())) :
    Layer {
    override val kind: String get() = "residual"

    override fun check(input: Outline, at: Place): Checked {
        val (bodyErrors, fromBody) = body.check(input, at)
        val (shortcutErrors, fromShortcut) = shortcut.check(input, at.inside(SHORTCUT, at.source))
        val reserved =
            at.argument(
                body.layers.none { it.name == SHORTCUT },
                kind,
                "a layer of the body must not be named $SHORTCUT",
                SHORTCUT,
                "use another name",
            )
        val alike =
            at.argument(
                fromBody.mayEqual(fromShortcut),
                kind,
                "body and shortcut must give the same shape",
                "body: $fromBody, shortcut: $fromShortcut",
                "keep the shape in the body or convert it in a shortcut",
            )
        val output = if (alike == null) fromBody.and(fromShortcut) else Outline.Unknown
        return Checked(bodyErrors + shortcutErrors + listOfNotNull(reserved, alike), output)
    }

    override fun parameters(input: Shape): List<Parameter> =
        body.parameters(input) + shortcut.parameters(input).map { it.under(SHORTCUT) }

    override fun state(input: Shape): List<Parameter> =
        body.state(input) + shortcut.state(input).map { it.under(SHORTCUT) }

    override fun receptiveField(input: ReceptiveField): ReceptiveField =
        body.receptiveField(input).union(shortcut.receptiveField(input))

    override fun flops(input: Shape): Long = body.flops(input) + shortcut.flops(input) + outputOf(input).size()

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        val learnt = body.apply(params, state, x, context)
        val added = shortcut.apply(params.under(SHORTCUT), state.under(SHORTCUT), x, context.within(SHORTCUT))
        return Applied(learnt.y + added.y, learnt.state.merge(added.state.prefixed(SHORTCUT)))
    }

    internal companion object {
        const val SHORTCUT = "shortcut"
    }
}
