// Training is a left fold: foldl (\P D → P − λ·B(P, D)) P₀ batches, after Boué, "Deep learning for pedestrians" (2018).

val digits = embeddedDigits()
val batches = digits.train.epochs(10, batch = 32, key = Key.of(1))

val network = network(input(1, 28, 28)) { flatten(); dense(64); tanh(); dense(10) }.orThrow()
fun loss(p: Params, batch: Batch) = softmaxCrossEntropy(network(p, batch.x), batch.labels)

val p0 = network.init(Key.of(2))
val rate = 0.1
val trained = batches.fold(p0) { p, b -> p - rate * grad(p) { loss(it, b) } }

val test = digits.test.all()
println("mean loss before: ${loss(p0, test)}")
println("mean loss after: ${loss(trained, test)}")
