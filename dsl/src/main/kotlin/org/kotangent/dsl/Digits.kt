@file:JvmName("Digits")

package org.kotangent.dsl

import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ops.Key
import org.kotangent.ops.Random

/**
 * [n] digits that the library draws itself: 28×28 grey images of ten classes, with no file and no network.
 *
 * Example i depends on [key] and i alone, so that more digits begin with the fewer; every ten in a row show each class
 * once, in random order. Examples are [1, 28, 28].
 *
 * Each digit is drawn with pen strokes in one of several styles, shaken, bent, slanted, turned, stretched, moved, blurred
 * and grained at random. They are about as hard as MNIST: learning from 6,000 of them, a linear classifier gets 87 % of
 * others right and a small convolutional network 98 %.
 *
 * @throws IllegalArgumentException when [n] is negative
 */
@JvmOverloads
public fun digits(n: Int, key: Key = Key.of(0)): Dataset {
    require(n >= 0) { "digits: n must not be negative; got $n; ask for 0 or more" }
    val (forLabels, forImages) = key.split()
    val classes = 10
    val labels = IntArray(n)
    for (start in 0 until n step classes) {
        val order = Random.permutation(forLabels.fold(start.toLong()), classes)
        for (i in start until minOf(start + classes, n)) labels[i] = order[i - start]
    }
    val area = DigitCanvas.SIDE * DigitCanvas.SIDE
    val pixels = ByteArray(Math.multiplyExact(n, area))
    Parallel.forEach(n, 64) { from, to ->
        for (i in from until to) drawDigit(labels[i], forImages.fold(i.toLong()), pixels, i * area)
    }
    return Dataset(Numbers.Bytes(pixels), labels, Shape.of(1, DigitCanvas.SIDE, DigitCanvas.SIDE), classes)
}

/**
 * Digits to train on and digits to test with, drawn by [digits] from two keys split off [key]: what samples use so that
 * they run without a download. The default gives the same 6,000 and 1,000 images everywhere.
 */
@JvmOverloads
public fun embeddedDigits(train: Int = 6_000, test: Int = 1_000, key: Key = Key.of(0)): ImageData {
    val (forTrain, forTest) = key.split()
    return ImageData(digits(train, forTrain), digits(test, forTest))
}
