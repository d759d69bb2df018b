package org.kotangent.spec.data

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.file.Path
import java.util.zip.GZIPOutputStream
import kotlin.io.path.writeBytes

/** The bytes of an IDX file with this type code, these sizes and these numbers, already big-endian. */
internal fun idx(type: Int, sizes: List<Int>, numbers: ByteArray): ByteArray = ByteBuffer
    .allocate(4 + 4 * sizes.size + numbers.size)
    .put(byteArrayOf(0, 0, type.toByte(), sizes.size.toByte()))
    .apply { sizes.forEach(::putInt) }
    .put(numbers)
    .array()

/** An IDX file of bytes: images where there are three sizes, labels where there is one. */
internal fun idx(vararg sizes: Int, number: (Int) -> Int): ByteArray =
    idx(0x08, sizes.toList(), ByteArray(sizes.reduce(Int::times)) { number(it).toByte() })

internal fun gzip(bytes: ByteArray): ByteArray =
    ByteArrayOutputStream().also { out -> GZIPOutputStream(out).use { it.write(bytes) } }.toByteArray()

internal fun Path.holding(name: String, bytes: ByteArray): Path = resolve(name).also { it.writeBytes(bytes) }
