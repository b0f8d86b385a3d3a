export interface SessionConfig {
  problem: NetworkProblem | SurfaceProblem | LeastSquaresProblem | LinearSystemProblem | ConstrainedProblem;
  optimizer: OptimizerConfig;
  schedule?: ScheduleConfig;
  batch_size?: number | "full";
  shuffle?: boolean;
  seed?: number;
  data_seed?: number;
  init_seed?: number;
  batch_seed?: number;
  precision?: "f64" | "f32";
  clip_norm?: number | null;
  record?: {
    every?: number;
    validate_every?: number | null;
    validate_rows?: number | null;
    train_score?: boolean;
    ema?: number;
  };
  stop?: StopConfig;
}
export interface StopConfig {
  iterations?: number | null;
  gradient_tol?: number | null;
  target?: number | null;
  plateau?: { patience?: number; min_delta?: number } | null;
  /** Early stopping, by the validation loss unless another column is watched; patience counts validations. */
  early?: { watch?: "val_loss" | "val_accuracy" | "val_r2"; patience?: number; min_delta?: number } | null;
  diverge_above?: number | null;
}
export type Activation = "relu" | "leaky_relu" | "elu" | "gelu" | "softplus" | "tanh" | "sigmoid" | "identity";
export interface NetworkProblem {
  kind: "network";
  data:
    | { name: string; n?: number; noise?: number; flips?: number }
    | { csv: string; target?: string; task?: "classification" | "regression" }
    | { inputs: number[][] | number[]; targets: number[] | number[][]; task?: "classification" | "regression" };
  split?: { train?: number; val?: number; test?: number };
  /** The training and validation rows divided into folds, of which this one validates. */
  fold?: { of: number; index?: number; repeat?: number } | null;
  /** Most training rows, for a learning curve; a larger set holds every smaller one. */
  train_rows?: number | null;
  stratify?: boolean;
  standardize?: boolean;
  layers?: number[];
  activation?: Activation | Activation[];
  output_activation?: Activation;
  loss?: "mse" | "cross_entropy" | "binary_cross_entropy" | "huber";
  init?: "he" | "xavier" | "lecun" | "zeros" | { parameters: number[] };
  l2?: number;
}
/** A named surface takes its own fields as well; see `catalog().surfaces`. */
export interface SurfaceProblem {
  kind: "surface";
  name?: string;
  formula?: string;
  dim?: number;
  a?: number[][];
  b?: number[];
  start?: number[];
  noise?: number;
  [field: string]: unknown;
}
/** A model of `catalog().models`, which takes its own fields as well, or a formula in x (or x1, x2, …) and b1, b2, …. */
export interface LeastSquaresProblem {
  kind: "least_squares";
  model: string;
  x?: number[] | number[][];
  y?: number[];
  data?: NetworkProblem["data"];
  start?: number[];
  [field: string]: unknown;
}
/** Ax = b: rows of numbers, text with one row a line, or a matrix by name with its fields; see `catalog().matrices`. */
export interface LinearSystemProblem {
  kind: "linear_system";
  a: number[][] | { csv: string } | { name: string; n?: number; condition?: number; [field: string]: unknown };
  /** A·(1, …, 1) where none is given. */
  b?: number[] | null;
  /** Zeros where none is given. */
  start?: number[] | null;
}
/** Formulas are in x and y, or in x1, x2, …; an inequality that is a formula alone is ≤ 0, an equality = 0. */
export interface ConstrainedProblem {
  kind: "constrained";
  objective:
    | string
    /** ½xᵀpx + qᵀx; a linear program has no p. */
    | { p?: number[][] | null; q: number[] }
    /** ½‖ax − b‖² + lambda·‖x‖₁ */
    | { lasso: { a: number[][]; b: number[]; lambda?: number } }
    /** ½‖ax − b‖² where ‖x‖ ≤ radius */
    | { ridge: { a: number[][]; b: number[]; radius?: number } };
  equality?: string[] | { a: number[][]; b: number[] } | null;
  inequality?: string[] | { g: number[][]; h: number[] } | null;
  /** `null` in place of a number: no bound. */
  lower?: number | (number | null)[] | null;
  upper?: number | (number | null)[] | null;
  start?: number[] | null;
}
/** Hyper-parameters by name; see `catalog().methods`. */
export interface OptimizerConfig {
  name: string;
  [field: string]: number | string | boolean;
}
export interface ScheduleConfig {
  name: string;
  unit?: "epoch" | "iteration";
  boundaries?: [number, number][];
  then?: ScheduleConfig;
  [field: string]: unknown;
}
export interface StepReport {
  iteration: number;
  epoch: number;
  loss: number;
  grad_norm: number;
  step_norm: number;
  lr: number;
  value_evals: number;
  gradient_evals: number;
  hessian_evals: number;
  jacobian_evals: number;
  verdict: "accepted" | "rejected";
  status: "running" | "converged" | "stopped" | "diverged" | "breakdown";
  reason?: string;
  /** Where the run was best by its validation rows; after the first validation. */
  best?: { iteration: number; val_loss: number };
  /**
   * What the method measured in the last step, by name; see `catalog().methods[].measures`. Of a constrained method also
   * the multipliers `nu` and, an array there, `lambda`; typed by `multipliers()`.
   */
  extra: Record<string, number> & Partial<{ nu: number[] }>;
}
export interface Metrics {
  rows: number;
  loss: number;
  accuracy: number | null;
  confusion: number[][] | null;
  r2: number | null;
  mae: number | null;
  /** By class; null for a regression. */
  classes: { precision: number; recall: number; f1: number; support: number }[] | null;
  /** For two classes with rows of both: the score is that of the second. */
  roc: { fpr: number[]; tpr: number[]; thresholds: number[]; auc: number } | null;
}
export interface BestParameters {
  iteration: number;
  val_loss: number;
  parameters: Float64Array;
}
/** The points that a method works with: `points` is row-major, a point of `dim` numbers after the other. */
export interface Population {
  dim: number;
  points: Float64Array;
  /** f at each; infinite where it is not defined. */
  values: Float64Array;
}
/** What chains have drawn since the warm-up; of a long run one draw of `stride`. */
export interface Samples {
  dim: number;
  chains: number;
  /** Of each chain. */
  draws: number;
  stride: number;
  /** [draws][chains][dim] */
  points: Float64Array;
  /** [draws][chains], f there. */
  values: Float64Array;
}
/** The last proposals of all chains, the oldest first. */
export interface Trials {
  dim: number;
  /** [trials][dim] */
  from: Float64Array;
  to: Float64Array;
  /** 1 or 0. */
  accepted: Uint8Array;
}
export interface Sampling {
  chains: number;
  draws: number;
  stride: number;
  /** Whether the last step was one of the warm-up. */
  warming: boolean;
  /** Whether T falls, so that the draws are from no one density. */
  cooling: boolean;
  /** As it is now; NaN where the noise of a fit is not known. */
  temperature: number;
  /** Over all chains, since the warm-up. */
  acceptance_rate: number;
  best_value: number;
  best: number[];
  /** The first 50; empty in the warm-up. What cannot be said of so few draws is NaN. */
  parameters: {
    mean: number;
    sd: number;
    /** Monte-Carlo standard error of the mean. */
    mcse: number;
    /** At 2.5, 25, 50, 75 and 97.5 per cent. */
    quantiles: number[];
    ess_bulk: number;
    ess_tail: number;
    r_hat: number;
    /** At lags 0, 1, … of the draws that are kept. */
    autocorrelation: number[];
  }[];
}
export interface Histogram {
  from: number;
  to: number;
  /** One number a part. */
  density: Float64Array;
}
export interface Marginal {
  at: Float64Array;
  density: Float64Array;
}
/** 95 % on both sides: of the model's value, and of a new observation. */
export interface PosteriorBand {
  median: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  predictive_lower: Float64Array;
  predictive_upper: Float64Array;
}
export type Column =
  | "iteration"
  | "epoch"
  | "loss"
  | "ema"
  | "grad_norm"
  | "step_norm"
  | "lr"
  | "value_evals"
  | "gradient_evals"
  | "ms"
  | "val_loss"
  | "val_accuracy"
  | "val_r2"
  | "hessian_evals"
  | "jacobian_evals"
  | "solves"
  | "accepted"
  | "train_score";
/** Behind the columns of every run stand the measures of its problem and its methods. */
export type History = Record<Column, Float64Array> & Record<string, Float64Array>;
export interface HistoryPart {
  from: number;
  rows: number;
  columns: History;
}
export interface Path {
  dim: number;
  points: Float64Array;
}
export interface PathPart {
  from: number;
  dim: number;
  points: Float64Array;
}
/** θ = origin + a·u + b·v, with u and v of length 1 at a right angle; worth looking at within ±`reach`, whatever runs there. */
export interface LandscapePlane {
  origin: Float64Array;
  u: Float64Array;
  v: Float64Array;
  reach: number;
}
/** (a, b) of each point, its distance from the plane, and Σ off² / Σ ‖θ − origin‖². */
export interface LandscapeShadow {
  points: Float64Array;
  off: Float64Array;
  hidden: number;
}
export interface ValueAndGradient {
  value: number;
  gradient: Float64Array;
}
/** Of c(x) = 0, and of g(x) ≤ 0: those of the rows, of the lower bounds, of the upper bounds. */
export interface Multipliers {
  nu: Float64Array;
  lambda: Float64Array;
}
/** Aᵀν + Gᵀλ = 0 and bᵀν + hᵀλ = −1; or a direction in which f falls for ever, qᵀd = −1. */
export type Certificate = ({ kind: "infeasible" } & Multipliers) | { kind: "unbounded"; direction: Float64Array };
/** At the current parameters. */
export interface Constraints {
  equality: Float64Array;
  /** Bounds stand behind the others. */
  inequality: Float64Array;
  /** (p + m)·n row-major, equalities first. */
  jacobian: Float64Array;
  /** ∇f */
  gradient: Float64Array;
}
export interface Points {
  rows: number;
  inputs: Float64Array;
  targets: Float64Array;
}
export interface Explained {
  iteration: number;
  values: Record<string, number[]>;
}
export type Oracle =
  | "value"
  | "gradient"
  | "hessian"
  | "least_squares"
  | "linear_system"
  | "constrained"
  | "proximal"
  | "convex";
export interface Info {
  kind: "surface" | "network" | "least_squares" | "linear_system" | "constrained";
  dim: number;
  title: string;
  surface?: {
    name: string;
    latex: string;
    minima: number[][];
    view: [number, number, number, number];
    /** Whether contour levels are best spaced by the logarithm. */
    log_levels: boolean;
    start: number[];
  };
  network?: {
    sizes: number[];
    activations: Activation[];
    loss: string;
    task: "classification" | "regression";
    features: string[];
    classes: string[];
    target: string;
    rows: { train: number; val: number; test: number };
    batches_per_epoch: number;
  };
  least_squares?: {
    /** Name in the catalogue, or `formula`. */
    model: string;
    formula: string;
    latex: string;
    /** b1, b2, … */
    parameters: string[];
    rows: number;
    features: string[];
    target: string;
    /** Whether the model itself is to be 0, so that a row has inputs only. */
    implicit: boolean;
    start: number[];
    /** Good starts of a named model, the default first. */
    starts: number[][];
    /** What the data were made with, where that is known. */
    truth: number[] | null;
    certified: Certified | null;
  };
  linear_system?: {
    /** In the catalogue, or `typed` or `csv`. */
    name: string;
    /** Unknowns. */
    n: number;
    /** Entries that are not zero. */
    nonzeros: number;
    sparse: boolean;
    symmetric: boolean;
    /** `null` where the matrix is too large to tell. */
    positive_definite: boolean | null;
    /** The largest singular value over the smallest; `null` where the matrix is too large to tell. */
    condition: number | null;
    /** Whether there is a column `error` to draw. */
    solution_known: boolean;
    /** Points a side of the grid whose unknowns these are, row by row. */
    grid: number | null;
  };
  constrained?: {
    form: "formula" | "quadratic_program" | "linear_program" | "lasso" | "ridge";
    /** Of the objective. */
    latex: string;
    /** Of the constraints that are formulas, equalities first. */
    constraints: string[];
    variables: string[];
    equalities: number;
    /** Bounds among them. */
    inequalities: number;
    /** Finite ones: the last so many of the inequalities, lower before upper. */
    bounds: number;
    lower: (number | null)[];
    upper: (number | null)[];
    start: number[];
  };
  /** For each parameter an interval around its start and where it is known to go, for `plane_values`; empty for a network. */
  ranges: [number, number][];
  /** What can be asked of it; a method needs one of these. */
  oracles: Oracle[];
  warnings: string[];
}
/** Of the NIST, to eleven digits; `rss` is Σ r², not halved. */
export interface Certified {
  parameters: number[];
  standard_deviations: number[];
  rss: number;
}
/** With the current parameters for the solution; 95 % on both sides. */
export interface FitStatistics {
  parameters: number[];
  /** Σ r², twice the value. */
  rss: number;
  degrees_of_freedom: number;
  residual_standard_deviation: number | null;
  r_squared: number | null;
  /** This and the next three are null where `reason` says why. */
  standard_errors: number[] | null;
  intervals: [number, number][] | null;
  /** n·n row-major. */
  covariance: number[] | null;
  t: number | null;
  reason: string | null;
}
/** NaN for the ends where there are no standard errors. */
export interface FitBand {
  value: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
}
/** A linear system and how each solver fares on it, from zeros to a relative residual of 1e-10. */
export interface SolveReport {
  /** What the matrix is, in Unicode: `A`, `∇²f`, `JᵀJ + λI`. */
  name: string;
  dim: number;
  symmetric: boolean;
  /** Ascending; `null` where the matrix is not symmetric. */
  eigenvalues: number[] | null;
  /** The largest singular value over the smallest; infinite where it is singular. */
  condition: number | null;
  solvers: {
    name: string;
    title: string;
    outcome: "solved" | "slow" | "refused";
    iterations: number;
    /** With the matrix. */
    products: number;
    /** ‖b − Ax‖ / ‖b‖ at the end. */
    residual: number;
    ms: number;
    /** Why it was refused or broke off. */
    reason?: string;
  }[];
}
export interface MatrixPicture {
  dim: number;
  /** Cells a side, at most `dim`. */
  size: number;
  /** size·size cells, row by row: the entry of largest magnitude in each, with its sign. */
  values: Float64Array;
  rhs: Float64Array;
  /** `null` where it is not known. */
  solution: Float64Array | null;
}
export interface Field {
  name: string;
  symbol: string;
  label: string;
  type: "number" | "integer" | "flag" | "choice";
  default: number | boolean | string;
  min?: number | null;
  max?: number | null;
  min_included?: boolean;
  max_included?: boolean;
  options?: string[];
}
export interface Described {
  name: string;
  title: string;
  about: string;
  fields: Field[];
}
export interface Catalog {
  version: string;
  surfaces: (Described & {
    formula: string;
    latex: string;
    /** What it has by default, and in how many it is defined: multiples of `multiple_of` from the least to the most. */
    variables: number;
    least_variables: number;
    most_variables: number;
    multiple_of: number;
    /** Whether it is a sum of squares, so that Gauss-Newton and its kin run on it. */
    least_squares: boolean;
    start: number[];
    view: [number, number, number, number];
    minima: number[][];
    reference: string;
  })[];
  models: (Described & {
    formula: string;
    latex: string;
    parameters: string[];
    /** Inputs of a row. */
    inputs: number;
    implicit: boolean;
    starts: number[][];
    /** Its data, to be registered under its name; null where they are generated. */
    file: string | null;
    certified: Certified | null;
    reference: string;
  })[];
  matrices: (Described & {
    /** Its entries. */
    latex: string;
    /** Whether there are n² unknowns, one a point of an n by n grid. */
    on_grid: boolean;
    reference: string;
  })[];
  datasets: (Described & {
    task: "classification" | "regression";
    file: string | null;
    rows?: number;
    inputs?: number;
  })[];
  methods: (Described & {
    family: "first_order" | "second_order" | "linear" | "stochastic" | "constrained";
    /** What it must be able to ask of a problem; see `info().oracles`. */
    needs: Oracle;
    /** Names of what it measures with each step: keys of a report's `extra`, columns of the history. */
    measures: string[];
    equation: { symbols: string; numbers: string; when: Record<string, string> }[];
    reference: string;
  })[];
  schedules: (Described & { latex: string })[];
  activations: { name: Activation; title: string }[];
  losses: { name: string; title: string }[];
  inits: { name: string; title: string }[];
}
export interface CsvPreview {
  columns: string[];
  header: boolean;
  rows: number;
  first: string[][];
  target: string;
  /** What would be learned by default, were this column the target. */
  tasks: ("classification" | "regression")[];
}
/** A config's path and the values it takes: a list, or an interval (`steps` points of it in a grid). */
export type Axis =
  | unknown[]
  | { min: number; max: number; scale?: "linear" | "log"; integer?: boolean; steps?: number };
export interface SearchSpec {
  base: SessionConfig;
  axes?: Record<string, Axis>;
  /** In place of axes: what each trial sets. */
  points?: Record<string, unknown>[];
  /** By default manual where there are points, random where there are trials, else a grid. */
  method?: "grid" | "random" | "manual";
  score?: "val_accuracy" | "val_loss" | "val_r2" | "loss";
  folds?: number | "leave_one_out";
  repeats?: number;
  trials?: number;
  seed?: number;
  halving?: { min_iterations?: number; factor?: number };
  /** Points of each trial's curves to keep; 0 for none. */
  curves?: number;
}
export interface TrialPlan {
  index: number;
  values: Record<string, unknown>;
  rung?: number;
}
export interface TrialCurves {
  iteration: number[];
  loss: number[];
  val_iteration: number[];
  val_loss: number[];
  val_accuracy: number[];
}
export interface TrialResult extends TrialPlan {
  /** null where the trial failed. */
  score_mean: number | null;
  score_std: number | null;
  fold_scores: number[];
  train_loss: number | null;
  train_accuracy: number | null;
  train_r2: number | null;
  val_loss: number | null;
  val_accuracy: number | null;
  val_r2: number | null;
  status: "converged" | "stopped" | "breakdown" | "diverged" | "error";
  reason?: string;
  iterations: number;
  ms: number;
  curves?: TrialCurves;
}
export interface SearchResult {
  trials: TrialResult[];
  /** Where in `trials` the best stands; -1 where none has a score. */
  best: number;
  complete: boolean;
}
/** Errors as parts of 1 (0.05 is 5 %). */
export interface Errors {
  human_error?: number | null;
  train_error: number;
  val_error: number;
  test_error?: number | null;
}
export interface Diagnosis {
  bias: number;
  variance: number;
  test_gap: number | null;
  verdict: "bias" | "variance" | "done";
  summary: string;
  arithmetic: string[];
  /** The first thing first; `values` are what to set in the given config to try it. */
  actions: { name: string; title: string; about: string; values: Record<string, unknown> | null }[];
}
export interface Advice {
  method: string;
  reason: string;
  alternatives: string[];
  facts: string[];
}
export interface RangeTest {
  lr: number[];
  loss: number[];
  ema: number[];
  steepest: number | null;
  lowest: number | null;
  /** The given config with the schedule of the test. */
  config: SessionConfig;
}
