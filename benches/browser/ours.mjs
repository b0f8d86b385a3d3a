// Descent as a peer of the browser benchmark: the same Session that the page's worker runs, in f32.
// The contract of an adapter stands in the benchmark's own `peers/ours.example.mjs`; `cargo xtask bench` puts this in.
// The search of W6 runs as on the page Tune: on the pool of workers, `workers=N` of them, else one a core.
export default async function load(env) {
  const at = (path) => new URL(path, new URL(env.oursUrl, env.root));
  const descent = await import(at("pkg/descent.js"));
  await descent.default();
  const precision = env.query.get("precision") === "f64" ? "f64" : "f32";
  const workers = Number(env.query.get("workers")) || undefined;
  const pool = await openPool(descent, at, workers);
  return {
    name: `Descent ${precision}${workers ? `, workers: ${workers}` : ""}`,
    info: `Descent ${descent.version()}, Session in ${precision}`,
    step: (w) => open(descent, w, precision),
    grid: (ws, iterations) => search(descent, pool, ws, iterations, precision),
  };
}

/** As the page does it: the engine in its two parts. */
async function openPool(descent, at, size) {
  const { Pool } = await import(at("www/pool.js"));
  const module = await WebAssembly.compileStreaming(fetch(at("pkg/descent_first.wasm")));
  return new Pool(module, { rest: await descent.load_rest(), ...(size ? { size } : {}) });
}

/** The trials keep no parameters; runs being reproducible, a run of the same config has those that are asked for. */
async function search(descent, pool, ws, iterations, precision) {
  const points = ws.map((w, k) => ({
    "optimizer.lr": w.opt.lr,
    "problem.l2": w.l2,
    "stop.iterations": iterations[k],
  }));
  const spec = { base: config(ws[0], precision), points, score: "loss" };
  const { trials, complete } = await pool.search(spec).found.catch(({ message }) => {
    throw new Error(message);
  });
  if (!complete || trials.some(({ score_mean }) => score_mean === null)) throw new Error("a trial has no score");
  const sessions = trials.map(({ index, train_loss }) => ({
    predict() {
      const session = new descent.Session(descent.trial_config(spec, index));
      session.train_step(iterations[index]);
      const loss = session.evaluate("train").loss;
      if (loss !== train_loss) throw new Error(`trial ${index} ended at ${train_loss}, its run at ${loss}`);
      const answers = session.predict(Float64Array.from(ws[index].x));
      session.free();
      return answers;
    },
  }));
  return { sessions, steps: iterations.reduce((sum, n) => sum + n, 0) };
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
