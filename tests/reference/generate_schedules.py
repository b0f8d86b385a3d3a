"""Reference learning rates, t = 0, 1, …: PyTorch's schedulers where it has the schedule, else optax's, else the formula.

Where two of them have it, both are run and must agree to AGREEMENT of the largest learning rate.
"""

import math
import warnings

import jax
import numpy as np
import optax
import torch
from torch.optim import lr_scheduler as of

import golden

jax.config.update("jax_enable_x64", True)
warnings.simplefilter("ignore")

AGREEMENT = 1e-14
LENGTH = 31


def torch_lr(lr, scheduler):
    """The learning rates that `scheduler` sets, one a step."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
    schedule = scheduler(optimizer)
    rates = []
    for t in range(LENGTH):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        if t + 1 < LENGTH:
            optimizer.step()
            schedule.step()
    return rates


def optax_lr(schedule):
    return [float(schedule(t)) for t in range(LENGTH)]


def formula(at):
    return [at(t) for t in range(LENGTH)]


def cosine(lr, epochs, min_lr):
    """optax's stays at the end, and so does ours; PyTorch's would rise again, so it is asked up to there."""
    scheduler = torch_lr(lr, lambda o: of.CosineAnnealingLR(o, T_max=epochs, eta_min=min_lr))
    rest = [min_lr] * (LENGTH - epochs - 1)
    return {
        "torch": scheduler[: epochs + 1] + rest,
        "optax": optax_lr(optax.cosine_decay_schedule(lr, decay_steps=epochs, alpha=min_lr / lr)),
    }


def one_cycle(lr, epochs, rise, div, final_div):
    def scheduler(o):
        return of.OneCycleLR(
            o, max_lr=lr, total_steps=epochs, pct_start=rise, div_factor=div, final_div_factor=final_div
        )

    rates = []
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr, momentum=0.9)
    schedule = scheduler(optimizer)
    for t in range(epochs):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        if t + 1 < epochs:
            optimizer.step()
            schedule.step()
    # PyTorch refuses to go on after the last step; ours stays there.
    return {"torch": rates + rates[-1:] * (LENGTH - epochs)}


def cases():
    """(config, α₀, learning rates by source)."""
    for every, drop, lr in [(10, 0.5, 0.1), (3, 0.1, 0.02)]:
        yield {"name": "step", "every": every, "drop": drop}, lr, {
            "torch": torch_lr(lr, lambda o: of.StepLR(o, step_size=every, gamma=1 - drop)),
            "optax": optax_lr(optax.exponential_decay(lr, every, 1 - drop, staircase=True)),
        }
    for base, lr in [(0.95, 0.1), (0.7, 3.0)]:
        yield {"name": "exponential", "base": base}, lr, {
            "torch": torch_lr(lr, lambda o: of.ExponentialLR(o, gamma=base)),
            "optax": optax_lr(optax.exponential_decay(lr, 1, base)),
        }
    for epochs, min_lr, lr in [(30, 0.0, 0.1), (20, 0.001, 0.05)]:
        yield {"name": "cosine", "epochs": epochs, "min_lr": min_lr}, lr, cosine(lr, epochs, min_lr)
    yield {"name": "cosine", "epochs": 25, "min_lr": 0.01, "unit": "iteration"}, 0.1, cosine(0.1, 25, 0.01)
    for epochs, rise, div, final_div, lr in [(31, 0.3, 25.0, 1e4, 0.1), (25, 0.45, 10.0, 100.0, 1.0)]:
        fields = {"epochs": epochs, "rise": rise, "div": div, "final_div": final_div}
        yield {"name": "one_cycle"} | fields, lr, one_cycle(lr, **fields)
    for length, start, lr in [(5, 0.1, 0.1), (12, 0.0, 0.3)]:
        sources = {"optax": optax_lr(optax.linear_schedule(start * lr, lr, length))}
        if start > 0:
            # PyTorch does not warm up from nothing.
            sources["torch"] = torch_lr(lr, lambda o: of.LinearLR(o, start_factor=start, total_iters=length))
        yield {"name": "warmup", "length": length, "start": start}, lr, sources
    yield {
        "name": "warmup",
        "length": 6,
        "start": 0.25,
        "then": {"name": "cosine", "epochs": 20, "min_lr": 0.0},
    }, 0.2, {
        "optax": optax_lr(
            optax.join_schedules([optax.linear_schedule(0.05, 0.2, 6), optax.cosine_decay_schedule(0.2, 20)], [6])
        ),
    }
    yield {
        "name": "warmup",
        "length": 4,
        "start": 0.5,
        "unit": "iteration",
        "then": {"name": "exponential", "base": 0.9, "unit": "iteration"},
    }, 0.2, {
        "optax": optax_lr(
            optax.join_schedules([optax.linear_schedule(0.1, 0.2, 4), optax.exponential_decay(0.2, 1, 0.9)], [4])
        ),
    }
    for decay, lr in [(1.0, 0.1), (0.05, 0.5)]:
        yield {"name": "inverse_time", "decay_rate": decay}, lr, {
            "torch": torch_lr(lr, lambda o: of.LambdaLR(o, lambda t: 1 / (1 + decay * t))),
            "formula": formula(lambda t: lr / (1 + decay * t)),
        }
    for factor, lr in [(1.0, 0.1), (0.5, 0.4)]:
        yield {"name": "inverse_sqrt", "factor": factor}, lr, {
            "formula": formula(lambda t: lr if t == 0 else factor / math.sqrt(t) * lr),
        }
    yield {"name": "piecewise", "boundaries": [[0, 0.1], [10, 0.01], [25, 0.001]]}, 0.1, {
        "torch": torch_lr(0.1, lambda o: of.MultiStepLR(o, milestones=[10, 25], gamma=0.1)),
    }
    yield {"name": "piecewise", "boundaries": [[4, 0.3], [9, 0.05], [10, 0.2]]}, 0.1, {
        "formula": formula(lambda t: 0.1 if t < 4 else 0.3 if t < 9 else 0.05 if t < 10 else 0.2),
    }
    yield {"name": "constant"}, 0.1, {"optax": optax_lr(optax.constant_schedule(0.1))}


def case(config, lr0, sources):
    kept = np.array(next(iter(sources.values())))
    apart = max(np.abs(np.array(rates) - kept).max() / kept.max() for rates in sources.values())
    print(f"{config} {list(sources)} {apart:.1e} apart")
    assert apart < AGREEMENT
    return {"schedule": config, "lr0": lr0, "sources": list(sources), "lr": kept}


def main():
    head = {
        "about": "Learning rates at t = 0, 1, 2, …",
        "versions": golden.versions("torch", "optax", "jax", "numpy"),
    }
    golden.write("schedules.json", head, [case(*c) for c in cases()])


if __name__ == "__main__":
    main()
