package org.kotangent.dsl

/**
 * What is wrong with a filter on an image, and the sizes of what comes out.
 *
 * @property label the layer, for messages
 * @property sizeName what the layer calls the size of the filter
 */
internal class WindowCheck(
    private val window: Window,
    private val input: Outline,
    private val at: Place,
    private val label: String,
    private val sizeName: String,
) {
    private val sizes: List<Int?> = listOf(input.size(1), input.size(2))

    private val argumentErrors: List<ModelError> =
        listOfNotNull(
            positive(sizeName) { size },
            positive("stride") { stride },
            positive("dilation") { dilation },
            at.argument(
                window.both.all { it.before >= 0 && it.after >= 0 },
                label,
                "padding must not be negative",
                "padding: ${window.padding}",
                "use 0 or more",
            ),
        )

    private val isImage = input.mayHaveRank(3)

    private val fits = window.both.zip(sizes).all { (filter, size) -> size == null || size >= filter.smallestInput }

    private val usable = argumentErrors.isEmpty() && isImage && fits

    /** What is wrong with the arguments, whatever the input, and with the input, as far as it is known. */
    val errors: List<ModelError>
        get() =
            argumentErrors +
                listOfNotNull(
                    at.input(
                        isImage,
                        label,
                        "input must be [channels, height, width]",
                        input,
                        "use it on images, before flatten()",
                    ),
                    at.input(
                        fits || argumentErrors.isNotEmpty() || !isImage,
                        label,
                        "input must be at least " + window.both.joinToString("×") { it.smallestInput.toString() },
                        input,
                        "use a smaller $sizeName or padding",
                    ),
                )

    /** Whether the filter looks at nothing but padding somewhere. */
    val missesInput: Boolean
        get() = usable && window.both.zip(sizes).any { (filter, size) -> size != null && filter.missesInput(size) }

    /** The outline of the output, with so many channels. */
    fun output(channels: Int?): Outline {
        val (height, width) =
            window.both.zip(sizes).map { (filter, size) ->
                size?.takeIf { usable }?.let { filter.output(it).coerceAtMost(LARGEST).toInt() }
            }
        return Outline.of(channels, height, width)
    }

    private fun positive(name: String, number: Sliding.() -> Int) = at.argument(
        window.both.all { it.number() > 0 },
        label,
        "$name must be positive",
        "$name: ${window.each(number)}",
        "use at least 1",
    )

    private companion object {
        const val LARGEST = Int.MAX_VALUE.toLong()
    }
}
