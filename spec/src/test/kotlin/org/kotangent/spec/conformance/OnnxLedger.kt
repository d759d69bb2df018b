package org.kotangent.spec.conformance

/** Counts by operator what became of its cases, and prints the table that the run ends with. */
internal class OnnxLedger {
    private class Row {
        var passed = 0
        var differentiated = 0
        var failed = 0
        val outside = sortedMapOf<String, Int>()
    }

    private val rows = sortedMapOf<String, Row>()

    private fun row(op: String) = rows.getOrPut(op, ::Row)

    fun passed(op: String, differentiated: Boolean) = row(op).run {
        passed++
        if (differentiated) this.differentiated++
    }

    fun failed(op: String) = row(op).run { failed++ }

    fun outside(op: String, why: String) = row(op).run { outside.merge(why, 1, Int::plus) }

    override fun toString(): String = buildString {
        appendLine("ONNX conformance: cases by operator; derivatives: passed cases whose two modes were compared")
        appendLine(line("operator", "passed", "derivatives", "failed", "out of scope", "why"))
        rows.forEach { (op, row) -> appendLine(line(op, row)) }
        append(
            line(
                "total",
                rows.values.sumOf { it.passed },
                rows.values.sumOf { it.differentiated },
                rows.values.sumOf { it.failed },
                rows.values.sumOf { it.outside.values.sum() },
                "",
            ),
        )
    }

    private fun line(op: String, row: Row) = line(
        op,
        row.passed,
        row.differentiated,
        row.failed,
        row.outside.values.sum(),
        row.outside.entries.joinToString { (why, count) -> if (row.outside.size == 1) why else "$why ($count)" },
    )

    private fun line(vararg cells: Any): String = "  %-26s %6s %11s %6s %12s  %s".format(*cells).trimEnd()
}
