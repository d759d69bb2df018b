package org.kotangent.samples.fit

import org.kotangent.ad.Tensor
import org.kotangent.dsl.DataException
import java.io.IOException
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import kotlin.io.path.readLines

/**
 * A file of the Statistical Reference Datasets of NIST for nonlinear regression: measurements, two places to start
 * from, and the certified result of the fit.
 *
 * @param lines what is in the file [path]
 * @throws DataException when it is not such a file, naming what is missing
 */
public class StrdFile internal constructor(private val path: Path, private val lines: List<String>) {
    /** The name of the data set, by which its model is known. */
    public val name: String = field("Dataset Name:").substringBefore(' ')

    private val parameters = table(lines.mapNotNull { PARAMETER.find(it)?.groupValues?.get(1) }, "parameters")

    /** Parameters to start from: [n] each. */
    public val starts: List<Tensor> = listOf(column(parameters, 0), column(parameters, 1))

    /** The parameters at the minimum: [n]. */
    public val certified: Tensor = column(parameters, 2)

    /** The standard deviations of the parameters: [n]. */
    public val deviations: Tensor = column(parameters, 3)

    /** The sum of squares at the minimum. */
    public val residualSum: Double = numbers(field("Residual Sum of Squares:")).first()

    private val rows = table(lines.drop(linesBeforeData()).filter { it.isNotBlank() }, "data")

    /** What was measured: [m]. */
    public val y: Tensor = column(rows, 0)

    /** What it depends on, a column each: [m]. */
    public val x: List<Tensor> = (1 until rows.first().size).map { column(rows, it) }

    private fun field(label: String): String =
        lines.firstOrNull { it.trim().startsWith(label) }?.substringAfter(label)?.trim() ?: reject("no '$label'")

    private fun linesBeforeData(): Int = lines.firstNotNullOfOrNull(DATA::find)?.let { it.groupValues[1].toInt() - 1 }
        ?: reject("no range of data lines")

    private fun table(rows: List<String>, what: String): List<List<Double>> {
        val table = rows.map(::numbers)
        if (table.map { it.size }.distinct().size != 1) reject("$what that are no table")
        return table
    }

    private fun numbers(text: String): List<Double> =
        text.trim().split(BLANKS).map { it.toDoubleOrNull() ?: reject("'$it' for a number") }

    private fun reject(got: String): Nothing =
        throw DataException("$path: must be a file of NIST StRD for nonlinear regression; got $got; give another file")

    public companion object {
        private val BLANKS = Regex("""\s+""")
        private val PARAMETER = Regex("""^\s*b\d+\s*=\s*(\S+\s+\S+\s+\S+\s+\S+)\s*$""")
        private val DATA = Regex("""^\s*Data\s+\(lines\s+(\d+)\s+to""")

        /**
         * Reads a file.
         *
         * @throws DataException when it cannot be read or is of another kind
         */
        public fun read(path: Path): StrdFile = try {
            StrdFile(path, path.readLines())
        } catch (e: IOException) {
            val got = if (e is NoSuchFileException) "no such file" else e.toString()
            throw DataException("$path: must be readable; got $got; check the path", e)
        }

        private fun column(table: List<List<Double>>, j: Int): Tensor = Tensor.of(*table.map { it[j] }.toDoubleArray())
    }
}
