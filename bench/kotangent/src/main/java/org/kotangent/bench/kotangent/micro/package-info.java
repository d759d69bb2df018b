/**
 * JMH benchmarks of kernels, each in one process and on the heap's arrays: {@code ./kotangent bench
 * micro [JMH's arguments]}, for instance {@code ./kotangent bench micro -f 1 Product}.
 */
package org.kotangent.bench.kotangent.micro;
