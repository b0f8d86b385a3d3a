def score(run):
    """What the search ranks by, of one run."""
    part, name = ("val", SCORE.removeprefix("val_")) if SCORE.startswith("val_") else ("train", SCORE)
    return evaluate(train(run), run, part)[name]


def trainable(config):
    """One trial: the mean over its folds, or its only run."""
    from ray import tune

    trial = TRIALS[config["trial"]]
    scores = [score(RUNS[run]) for run in trial["runs"]]
    tune.report({"score": sum(scores) / len(scores), **trial["values"]})


if __name__ == "__main__":
    from ray import tune

    tuner = tune.Tuner(
        trainable,
        param_space={"trial": tune.grid_search(list(range(len(TRIALS))))},
        tune_config=tune.TuneConfig(metric="score", mode=MODE),
    )
    results = tuner.fit()
    best = results.get_best_result()
    for result in results:
        print(f"trial {result.config['trial']}: {result.error or result.metrics['score']}")
    print(f"best: trial {best.config['trial']}, score {best.metrics['score']!r}, {TRIALS[best.config['trial']]['values']}")
