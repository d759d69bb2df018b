// Trains LeNet-5 on handwritten digits: the network of Boué, "Deep learning for pedestrians" (2018), with batch
// normalisation. The digits are drawn on the spot, or those of MNIST with --data DIR.

val options = Options("Trains LeNet-5 and prints its accuracy on digits that it has not seen.")
val data by options.directory("the directory of the four MNIST files; without it, digits are drawn")
val epochs by options.int(5, "passes over the training digits")
val batch by options.int(64, "digits in a step")
val seed by options.long(1, "where all randomness comes from")
val threads by options.int(Parallel.threads(), "threads, on which no result depends")
options.parse(args)
Parallel.use(threads)

val digits = data?.let { mnist(it) } ?: embeddedDigits()
val lenet = network(input(1, 28, 28)) {
    conv(6, kernel = 5); relu(); batchNorm(); maxPool(2)
    conv(16, kernel = 5); relu(); batchNorm(); maxPool(2)
    flatten()
    dense(120); relu(); batchNorm()
    dense(84); relu(); batchNorm()
    dense(10)
}.orThrow()
println(lenet.summary())

val (forTraining, forOrder) = Key.of(seed).split()
val batches = digits.train.epochs(epochs, batch, forOrder)
val rate = cosineDecay(1e-2, steps = batches.size, warmUp = batches.perEpoch / 10)

val states = training(lenet, softmaxCrossEntropy, adam(rate), forTraining).over(batches)
val end = states.onEach(progress(batches)).epochs(batches.perEpoch).onEach(::println).last().end
println("test accuracy ${accuracy(lenet, end, digits.test)}")
