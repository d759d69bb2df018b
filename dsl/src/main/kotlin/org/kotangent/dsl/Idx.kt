@file:JvmName("Idx")

package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import java.io.EOFException
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.nio.ByteBuffer
import java.nio.file.AccessDeniedException
import java.nio.file.Files
import java.nio.file.Path
import java.util.HexFormat
import java.util.zip.GZIPInputStream
import java.util.zip.ZipException

/** The element types of the IDX format, with their codes in the third byte of a file. */
public enum class IdxType(
    internal val code: Int,
    internal val width: Int,
    internal val dtype: DType,
    internal val next: (ByteBuffer) -> Number,
) {
    U8(0x08, 1, DType.I32, { it.get().toInt() and 0xff }),
    I8(0x09, 1, DType.I32, { it.get() }),
    I16(0x0B, 2, DType.I32, { it.short }),
    I32(0x0C, 4, DType.I32, { it.int }),
    F32(0x0D, 4, DType.F32, { it.float }),
    F64(0x0E, 8, DType.F64, { it.double }),
    ;

    /** The name used in messages, such as `u8`. */
    override fun toString(): String = name.lowercase()
}

/**
 * What an IDX file holds: numbers of one type in row-major order, kept as the bytes of the file.
 *
 * @property file where it was read from, for messages
 * @property type the type of the numbers in the file
 * @property shape the sizes in the file's header, outermost first
 */
public class IdxArray internal constructor(
    public val file: Path,
    public val type: IdxType,
    public val shape: Shape,
    internal val bytes: ByteArray,
) {
    /** The numbers as a tensor of the same shape: I32 for the integer types (`u8` as 0 to 255), F32 and F64 as they are. */
    public fun toTensor(): Tensor {
        val buffer = ByteBuffer.wrap(bytes) // big-endian, like the format
        return Tensor.generate(Spec(type.dtype, shape)) { out ->
            for (i in 0 until out.size()) out.set(i, type.next(buffer).toDouble())
        }
    }

    /** Type and shape, such as `u8[60000, 28, 28]`. */
    override fun toString(): String = "$type$shape"
}

/**
 * Reads an IDX file, plain or compressed by gzip; which of them is seen from its first bytes, not from its name.
 *
 * Any element type of the format and any number of dimensions from 1 to 255 are read.
 *
 * Source: "The IDX file format", LeCun, Cortes and Burges, The MNIST database of handwritten digits.
 *
 * @throws DataException when the file is missing or cannot be read, is not an IDX file, ends too early, goes on after its
 *   last number, or is damaged gzip data
 */
public fun readIdx(file: Path): IdxArray {
    if (Files.isDirectory(file)) throw badData(file, "must be an IDX file", "a directory", "name a file in it")
    if (!Files.exists(file)) throw badData(file, "must be an IDX file", "no such file", "check the path")
    try {
        return Files.newInputStream(file).buffered().use { read(file, it) }
    } catch (e: ZipException) {
        throw badData(file, "must be sound gzip data", e.message.orEmpty(), "download it again", e)
    } catch (e: EOFException) {
        throw badData(file, "must be sound gzip data", "an end within its frame", "download it again", e)
    } catch (e: IOException) {
        val got = if (e is AccessDeniedException) "no permission" else "${e.message}".lineSequence().first()
        throw badData(file, "must be readable", got, "check its permissions and the disk", e)
    }
}

private fun read(file: Path, raw: InputStream): IdxArray {
    val source = IdxSource(file, raw)
    val magic = source.next(4, "the magic number of an IDX file")
    val rank = magic[3].toInt() and 0xff
    val type = IdxType.entries.find { it.code == magic[2].toInt() }
    if (type == null || rank == 0 || magic[0].toInt() != 0 || magic[1].toInt() != 0) {
        throw badData(
            file,
            "must start with the magic number of an IDX file: 00 00, a type and the number of dimensions",
            HexFormat.ofDelimiter(" ").formatHex(magic) + source.unpacked,
            "give an IDX file, plain or gzip",
        )
    }
    val header = ByteBuffer.wrap(source.next(4 * rank, "the header of $rank sizes"))
    val sizes = IntArray(rank) { header.int }
    val announced = "$type${sizes.contentToString()}"
    val length = sizes.fold(type.width.toLong()) { product, d -> minOf(product * d, Int.MAX_VALUE + 1L) }
    if (sizes.any { it < 0 } || length > Int.MAX_VALUE) {
        throw badData(file, "must announce sizes of at most 2³¹−1 bytes", announced, "check that it is the right file")
    }
    val data = source.next(length.toInt(), announced)
    source.requireEnd(announced)
    return IdxArray(file, type, Shape.of(*sizes), data)
}

/** The bytes of one file, unpacked where they are compressed, read once from start to end. */
private class IdxSource(private val file: Path, raw: InputStream) {
    private val compressed = raw.startsAsGzip()
    private val stream = if (compressed) GZIPInputStream(raw, 1 shl 16) else raw
    private val most = Files.size(file) * if (compressed) DEFLATE_LIMIT else 1
    private var position = 0L

    /** What messages add where they count or show bytes that are not those of the file itself. */
    val unpacked = if (compressed) " after decompression" else ""

    /** The next [count] bytes, which hold [purpose]. */
    fun next(count: Int, purpose: String): ByteArray {
        val needed = position + count
        // A damaged header may ask for the moon: see that the file can hold it before memory is reserved.
        val got =
            if (needed > most) {
                if (compressed) "at most $most" else "$most"
            } else {
                val bytes = stream.upTo(count)
                position += bytes.size
                if (position == needed) return bytes
                "$position"
            }
        throw badData(file, "must hold $needed bytes$unpacked for $purpose", got, "it is truncated, download it again")
    }

    /** Makes sure that nothing follows. */
    fun requireEnd(announced: String) {
        val more = stream.transferTo(OutputStream.nullOutputStream())
        if (more > 0) {
            val rule = "must end after $position bytes$unpacked for $announced"
            throw badData(file, rule, "$more more", "check that it is the right file")
        }
    }
}

/** No DEFLATE stream expands by more than this factor. */
private const val DEFLATE_LIMIT = 1032L

private fun InputStream.startsAsGzip(): Boolean {
    mark(2)
    val start = readNBytes(2)
    reset()
    return start.contentEquals(byteArrayOf(0x1f, 0x8b.toByte()))
}

/** The next [count] bytes, or those before the end; compressed data that stops short has its end there. */
private fun InputStream.upTo(count: Int): ByteArray {
    val bytes = ByteArray(count)
    var got = 0
    try {
        while (got < count) {
            val n = read(bytes, got, count - got)
            if (n < 0) break
            got += n
        }
    } catch (_: EOFException) {
        // GZIPInputStream's way to say that the file ends within its data
    }
    return if (got == count) bytes else bytes.copyOf(got)
}
