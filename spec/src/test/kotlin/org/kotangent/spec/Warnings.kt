package org.kotangent.spec

import org.kotangent.ad.Compiled
import java.util.Collections
import java.util.logging.Handler
import java.util.logging.LogRecord
import java.util.logging.Logger

/** What compiled functions log meanwhile, on any thread. */
fun warningsOf(run: () -> Unit): List<String> {
    val said = Collections.synchronizedList(mutableListOf<String>())
    val handler = object : Handler() {
        override fun publish(record: LogRecord) {
            said += record.message
        }

        override fun flush() = Unit

        override fun close() = Unit
    }
    val logger = Logger.getLogger(Compiled::class.java.name)
    logger.addHandler(handler)
    try {
        run()
    } finally {
        logger.removeHandler(handler)
    }
    return said.toList()
}
