// What scripts outside this repository call, as it was promised to them: names may be added, none changed. tsc compares
// it with the types of the package (session.test.js).

import type {
  Catalog,
  Histogram,
  History,
  Marginal,
  Metrics,
  OptimizerConfig,
  PosteriorBand,
  Samples,
  Sampling,
  ScheduleConfig,
  SessionConfig,
  StepReport,
  Trials,
} from "../../pkg/descent.js";

export interface Contract {
  Session: {
    new (config: SessionConfig): Session;
    restore(bytes: Uint8Array): Session;
  };
  catalog(): Catalog;
  register_data(name: string, csv: string, target?: string): void;
  version(): string;
}

export interface Session {
  train_step(n?: number): StepReport;
  set_optimizer(config: OptimizerConfig): void;
  set_schedule(config: ScheduleConfig): void;
  set_batch_size(m: number | "full"): void;
  set_l2(l2: number): void;
  reset(): void;
  parameters(): Float64Array;
  set_parameters(p: Float64Array): void;
  value_and_gradient(): { value: number; gradient: Float64Array };
  hessian(): Float64Array;
  residuals(): Float64Array;
  jacobian(): Float64Array;
  predict(inputs: Float64Array): Float64Array;
  evaluate(split: "train" | "val" | "test"): Metrics;
  history(): History;
  path(): { dim: number; points: Float64Array };
  samples(): Samples | null;
  trials(): Trials | null;
  sampling(): Sampling | null;
  histogram(i: number, bins: number): Histogram;
  marginal(i: number, points: number): Marginal;
  posterior_band(inputs: Float64Array): PosteriorBand;
  snapshot(): Uint8Array;
  config(): SessionConfig;
  digest(): string;
}

/** What must be in a report, a history and the metrics. */
export interface Fields {
  report: {
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
    extra?: Record<string, number>;
  };
  metrics: { rows: number; loss: number; accuracy: number | null };
  history: { iteration: Float64Array; loss: Float64Array; val_loss: Float64Array };
}
