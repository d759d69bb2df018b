package org.kotangent.spec.conformance

import com.fasterxml.jackson.databind.JsonNode
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries

/** An array of a case as its file has it: element type, shape, and numbers in row-major order. */
internal class OnnxArray(private val json: JsonNode) {
    val dtype: String = json["dtype"].asText()
    val shape: Shape = Shape.of(*IntArray(json["shape"].size()) { json["shape"][it].asInt() })

    private val numbers = json["data"]

    /** Why this array cannot be a tensor of ours, or null when it can: 64-bit integers must fit into 32 bits. */
    val outside: String?
        get() =
            when {
                dtype !in DTYPES -> "dtype $dtype"
                dtype == "int64" && numbers.any { !it.canConvertToInt() } -> "int64 beyond the range of I32"
                else -> null
            }

    /** The array as a tensor; 64-bit integers become I32. */
    fun tensor(): Tensor = when (DTYPES.getValue(dtype)) {
        DType.F32 -> Tensor.of(shape, *FloatArray(numbers.size()) { number(it).toFloat() })
        DType.F64 -> Tensor.of(shape, *DoubleArray(numbers.size(), ::number))
        DType.I32 -> Tensor.of(shape, *IntArray(numbers.size()) { numbers[it].asInt() })
        DType.BOOL -> Tensor.of(shape, *BooleanArray(numbers.size()) { numbers[it].asBoolean() })
    }

    /** NaN and the infinities are written as strings. */
    private fun number(i: Int): Double = numbers[i].let { if (it.isTextual) it.asText().toDouble() else it.asDouble() }

    private companion object {
        val DTYPES =
            mapOf(
                "float32" to DType.F32,
                "float64" to DType.F64,
                "int32" to DType.I32,
                "int64" to DType.I32,
                "bool" to DType.BOOL,
            )
    }
}

/** One operator applied once: what goes in, with which attributes, and what must come out. */
internal class OnnxCase(private val json: JsonNode) {
    val op: String = json["op"].asText()
    val test: String = json["test"].asText()

    /** Its full name, with the domain where it is not that of the standard itself. */
    val operator: String = listOf(json["domain"].asText(), op).filter { it.isNotEmpty() }.joinToString(".")
    val opset: Int = json["opset"].asInt()
    val inputs: List<OnnxArray?> = arrays("inputs")
    val outputs: List<OnnxArray?> = arrays("outputs")

    fun attribute(name: String): JsonNode? = json["attributes"][name]

    override fun toString(): String = "$op/$test"

    private fun arrays(field: String): List<OnnxArray?> = json[field].map { if (it.isNull) null else OnnxArray(it) }

    companion object {
        /** Every case of every file, by operator; null where the folder is absent. */
        fun readAll(): List<OnnxCase>? = conformance("onnx-node").takeIf { it.isDirectory() }?.let { directory ->
            directory
                .listDirectoryEntries()
                .filter { it.extension == "json" }
                .sortedBy { it.fileName }
                .flatMap { file -> readJson(file).map(::OnnxCase) }
        }
    }
}
