package org.kotangent.spec

/**
 * The seed of everything that is drawn at random in the specs: the same in every run, unless `-Dkotangent.seed=` or the
 * environment variable `KOTANGENT_SEED` asks for another. A failing property prints it.
 */
internal val seed: Long =
    (System.getProperty("kotangent.seed") ?: System.getenv("KOTANGENT_SEED"))?.let {
        requireNotNull(it.toLongOrNull()) { "kotangent.seed: must be an integer; got $it; give one such as 2022" }
    } ?: 2022L
