package org.kotangent.spec.conformance

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.json.JsonMapper
import org.kotangent.ad.Tensor
import java.nio.file.Path

/** Where the reference cases of other projects are, beside this checkout; it may be absent. */
internal fun conformance(path: String): Path =
    Path.of(System.getProperty("kotangent.root")).resolveSibling("shared/conformance").resolve(path)

internal fun readJson(path: Path): JsonNode = JsonMapper().readTree(path.toFile())

/** The numbers of a JSON array; NaN and the infinities are written as strings. */
internal fun JsonNode.toNumbers(): DoubleArray =
    map { if (it.isTextual) it.asText().toDouble() else it.asDouble() }.toDoubleArray()

internal fun JsonNode.toVector(): Tensor = Tensor.of(*toNumbers())
