package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import java.util.Locale

/**
 * A network as a table: what each layer is, gives, holds and costs. [toString] draws it in plain text.
 *
 * @property input the shape of one example
 * @property output the shape of the result for one example
 * @property dtype the type of the parameters
 * @property rows the layers in order, those inside a residual or a block included
 */
public data class Summary(val input: Shape, val output: Shape, val dtype: DType, val rows: List<Row>) {
    /**
     * A layer.
     *
     * @property path its name in the paths of parameters: `conv1`
     * @property label what it is: `conv 1→6, k5`
     * @property output the shape of its value for one example
     * @property parameters numbers in its parameters; running statistics are none
     * @property receptiveField what an element of its value sees of the network's input
     * @property flops floating-point operations per example, as [Layer.flops] counts them
     */
    public data class Row(
        val path: String,
        val label: String,
        val output: Shape,
        val parameters: Long,
        val receptiveField: ReceptiveField,
        val flops: Long,
    )

    /** Numbers in all parameters. */
    public val parameters: Long get() = rows.sumOf { it.parameters }

    /** Floating-point operations per example in inference. */
    public val flops: Long get() = rows.sumOf { it.flops }

    override fun toString(): String {
        val header = listOf("layer", "", "output", "parameters", "receptive field", "FLOPs")
        val cells = rows.map {
            listOf(
                it.path,
                it.label,
                it.output.toString(),
                grouped(it.parameters),
                it.receptiveField.toString(),
                grouped(it.flops),
            )
        }
        val total = listOf("total", "", "", grouped(parameters), "", grouped(flops))
        val widths = header.indices.map { column -> (cells + listOf(header, total)).maxOf { it[column].length } }

        fun line(row: List<String>) = row.indices.joinToString("  ") { column ->
            if (column in NUMBERS) row[column].padStart(widths[column]) else row[column].padEnd(widths[column])
        }.trimEnd()

        val rule = "─".repeat(line(header).length)
        return buildList {
            add("network $input → $output, ${dtype.label()}")
            add("")
            add(line(header))
            add(rule)
            cells.mapTo(this, ::line)
            add(rule)
            add(line(total))
            add("")
            add("FLOPs: per example in inference; a multiply-add counts 2")
        }.joinToString("\n")
    }

    internal companion object {
        private val NUMBERS = setOf(3, 5)

        private fun grouped(number: Long) = "%,d".format(Locale.ROOT, number)

        /** The rows of a layer and of what is inside it, and what its value sees. */
        fun rows(path: String, layer: Layer, input: Shape, field: ReceptiveField): List<Row> = when (layer) {
            is Network -> rows(path, layer.chain, input, field)

            is Chain -> chainRows(path, layer, input, field)

            is Residual -> residualRows(path, layer, input, field)

            else -> listOf(
                Row(
                    path,
                    layer.label(Outline.of(input)),
                    layer.outputOf(input),
                    layer.parameters(input).count(),
                    layer.receptiveField(field),
                    layer.flops(input),
                ),
            )
        }

        private fun chainRows(path: String, chain: Chain, input: Shape, field: ReceptiveField): List<Row> {
            val links = chain.links(input)
            val fields = links.runningFold(field) { before, link -> link.layer.receptiveField(before) }
            return links.zip(fields).flatMap { (link, before) ->
                rows(if (path.isEmpty()) link.name else "$path.${link.name}", link.layer, link.input, before)
            }
        }

        private fun residualRows(path: String, layer: Residual, input: Shape, field: ReceptiveField): List<Row> {
            val output = layer.outputOf(input)
            val label = if (layer.shortcut.steps.isEmpty()) "body + x" else "body + shortcut"
            val sum = Row(path, label, output, 0, layer.receptiveField(field), output.size().toLong())
            val shortcut = rows("$path.${Residual.SHORTCUT}", layer.shortcut, input, field)
            return rows(path, layer.body, input, field) + shortcut + sum
        }
    }
}
