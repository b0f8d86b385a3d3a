// Descent as a peer of the browser benchmark: the same Session that the page's worker runs, in f32.
// The contract of an adapter stands in the benchmark's own `peers/ours.example.mjs`; `cargo xtask bench` puts this in.
export default async function load(env) {
  const descent = await import(`${env.oursUrl}descent.js`);
  await descent.default();
  const precision = env.query.get("precision") === "f64" ? "f64" : "f32";
  return {
    name: `Descent ${precision}`,
    info: `Descent ${descent.version()}, Session in ${precision}`,
    step: (w) => open(descent, w, precision),
  };
}

function open(descent, w, precision) {
  const session = new descent.Session(config(w, precision));
  const inputs = Float64Array.from(w.x);
  return {
    run: (n) => {
      session.train_step(n);
    },
    predict: () => session.predict(inputs),
    dispose: () => session.free(),
  };
}

function config(w, precision) {
  const inputs = Array.from({ length: w.n }, (_, i) => Array.from(w.x.subarray(i * w.d, (i + 1) * w.d)));
  const classes = w.loss === "ce";
  return {
    problem: {
      kind: "network",
      data: classes
        ? { inputs, targets: Array.from(w.labels), task: "classification" }
        : { inputs, targets: Array.from(w.y), task: "regression" },
      split: { train: 1, val: 0, test: 0 },
      layers: w.sizes.slice(1, -1),
      activation: w.hidden,
      output_activation: w.output === "tanh" ? "tanh" : "identity",
      loss: classes ? "cross_entropy" : "mse",
      init: { parameters: w.init.flatMap(layer(w.sizes)) },
      l2: w.l2,
    },
    optimizer: optimizer(w),
    batch_size: w.batch,
    shuffle: false,
    precision,
  };
}

// The benchmark keeps weights as [in][out]; ours are [out][in], then the biases.
const layer = (sizes) => (p, l) => {
  const [rows, columns] = [sizes[l], sizes[l + 1]];
  const weights = Array.from({ length: rows * columns }, (_, i) => p.w[(i % rows) * columns + Math.floor(i / rows)]);
  return [...weights, ...p.b];
};

function optimizer(w) {
  const { kind, lr, momentum, beta1, beta2, eps } = w.opt;
  // Its squared error is ½(o − t)², ours (o − t)²: half the learning rate is the same step.
  const rate = w.loss === "mse" ? lr / 2 : lr;
  if (kind === "adam") return { name: "adam", lr: rate, beta1, beta2, eps };
  if (kind === "momentum") return { name: "momentum", lr: rate, beta: momentum };
  return { name: "sgd", lr: rate };
}
