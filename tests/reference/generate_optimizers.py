"""Reference trajectories of the first-order methods: 200 steps in float64.

Each run exists up to four times, from sources that share nothing but the numbers of the problem:

- PyTorch's optimiser on a function differentiated by torch.autograd,
- optax's on the same function differentiated by jax.grad,
- a plain NumPy transcription of the equations, with gradients derived by hand, in float64,
- the same transcription in 80-bit arithmetic (np.longdouble, 64 bits of mantissa on x86).

PyTorch's numbers are kept where it has the variant, else optax's, else NumPy's. All must agree to AGREEMENT with the
80-bit run, which also shows that the case is well conditioned: a run that rounding pulls apart cannot tell a right
program from a wrong one, so it is replaced by another, rather than the tolerance widened.
"""

import math
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

import golden

jax.config.update("jax_enable_x64", True)
# NAdam keeps its product of momenta in the default type, whatever the type of the parameters.
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STEPS = 200
AT = [1, 2, 3, 5, 10, 20, 50, 100, 150, 200]
AGREEMENT = 1e-12
# Each field of each method must move at least one run by this much when it changes by a thousandth (or flips): else a
# program that ignores the field would pass.
VISIBLE = 1e-7


# Problems ------------------------------------------------------------------------------------------------------------


class Rosenbrock:
    """(1 − x)² + 100(y − x²)²."""

    name = "rosenbrock"
    start = np.array([-1.5, 1.0])
    points_at = AT
    data = {}

    def value(self, x, _xp):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    def gradient(self, x):
        residual = x[1] - x[0] ** 2
        return np.stack([-2 * (1 - x[0]) - 400 * x[0] * residual, 200 * residual])


class Quadratic:
    """½xᵀAx − bᵀx, the eigenvalues of A spread evenly on a logarithmic scale from 0.01 to 10."""

    name = "quadratic"
    points_at = AT

    def __init__(self, dim=8):
        random = np.random.default_rng(20240229)
        rotation, _ = np.linalg.qr(random.normal(size=(dim, dim)))
        a = rotation @ np.diag(np.logspace(-2, 1, dim)) @ rotation.T
        self.a = np.round((a + a.T) / 2, 6)
        self.b = np.round(self.a @ random.uniform(-2, 2, dim), 6)
        self.start = np.round(random.uniform(-3, 3, dim), 3)
        self.data = {"a": self.a, "b": self.b, "condition": np.linalg.cond(self.a)}
        assert 990 < self.data["condition"] < 1010

    def value(self, x, xp):
        a, b = xp(self.a), xp(self.b)
        return 0.5 * (x @ (a @ x)) - b @ x

    def gradient(self, x):
        return self.a.astype(x.dtype) @ x - self.b.astype(x.dtype)


class Mlp:
    """A 3-4-3-2 network, tanh in the hidden layers, mean cross-entropy over all twelve rows."""

    name = "mlp"
    sizes = [3, 4, 3, 2]
    # The losses stand for all steps of AT; the parameters are many.
    points_at = [1, 20, 200]

    def __init__(self, rows=12):
        random = np.random.default_rng(19861009)
        self.inputs = np.round(random.normal(size=(rows, self.sizes[0])), 3)
        self.classes = (self.inputs[:, 0] * self.inputs[:, 1] + 0.5 * self.inputs[:, 2] > 0).astype(int)
        assert 4 <= self.classes.sum() <= 8
        parts = []
        for fan_in, fan_out in zip(self.sizes, self.sizes[1:]):
            parts.append(random.normal(size=fan_out * fan_in) / math.sqrt(fan_in))
            parts.append(random.normal(size=fan_out) * 0.1)
        self.start = np.round(np.concatenate(parts), 4)
        self.data = {
            "sizes": self.sizes,
            "activation": "tanh",
            "loss": "cross_entropy",
            "inputs": self.inputs,
            "classes": self.classes,
        }

    def layers(self, x):
        """(W, b) a layer, W[out][in] row-major and then b[out]."""
        offset = 0
        for fan_in, fan_out in zip(self.sizes, self.sizes[1:]):
            w = x[offset : offset + fan_out * fan_in].reshape(fan_out, fan_in)
            offset += fan_out * fan_in
            yield w, x[offset : offset + fan_out]
            offset += fan_out

    def value(self, x, xp):
        layers = list(self.layers(x))
        a = xp(self.inputs)
        for index, (w, b) in enumerate(layers):
            a = a @ w.T + b
            if index + 1 < len(layers):
                a = {np.ndarray: np.tanh, torch.Tensor: torch.tanh}.get(type(a), jnp.tanh)(a)
        if isinstance(a, torch.Tensor):
            return torch.nn.functional.cross_entropy(a, torch.tensor(self.classes))
        if isinstance(a, jax.Array):
            return optax.softmax_cross_entropy_with_integer_labels(a, jnp.array(self.classes)).mean()
        shifted = a - a.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=1))
        return (log_sum - shifted[np.arange(len(a)), self.classes]).mean()

    def gradient(self, x):
        layers = list(self.layers(x))
        a = [self.inputs.astype(x.dtype)]
        for w, b in layers[:-1]:
            a.append(np.tanh(a[-1] @ w.T + b))
        w, b = layers[-1]
        z = a[-1] @ w.T + b
        p = np.exp(z - z.max(axis=1, keepdims=True))
        delta = p / p.sum(axis=1, keepdims=True)
        delta[np.arange(len(z)), self.classes] -= 1
        delta /= len(z)
        parts = []
        for layer in reversed(range(len(layers))):
            parts += [delta.sum(axis=0), (delta.T @ a[layer]).ravel()]
            if layer > 0:
                delta = (delta @ layers[layer][0]) * (1 - a[layer] ** 2)
        return np.concatenate(parts[::-1])


# The transcriptions: each returns a function (x, g, α, k) → x, k = 1, 2, … ---------------------------------------------


def np_sgd(p):
    return lambda x, g, lr, k: x - lr * g


def np_momentum(p):
    beta, form, v = p["beta"], p["form"], 0

    def step(x, g, lr, k):
        nonlocal v
        match form:
            case "accumulate":
                v = beta * v + g
                return x - lr * v
            case "ema":
                v = beta * v + (1 - beta) * g
                return x - lr * v
            case "velocity":
                v = beta * v - lr * g
                return x + v

    return step


def np_nesterov(p):
    beta, v = p["beta"], 0

    def step(x, g, lr, k):
        nonlocal v
        v = beta * v + g
        return x - lr * (g + beta * v)

    return step


def np_adagrad(p):
    eps, s = p["eps"], 0

    def step(x, g, lr, k):
        nonlocal s
        s = s + g * g
        return x - lr * g / (np.sqrt(s) + eps)

    return step


def np_adadelta(p):
    rho, eps, s, u = p["rho"], p["eps"], 0, 0

    def step(x, g, lr, k):
        nonlocal s, u
        s = rho * s + (1 - rho) * g * g
        d = np.sqrt(u + eps) / np.sqrt(s + eps) * g
        u = rho * u + (1 - rho) * d * d
        return x - lr * d

    return step


def np_rmsprop(p):
    beta, eps, inside, s = p["beta"], p["eps"], p["eps_inside_sqrt"], 0

    def step(x, g, lr, k):
        nonlocal s
        s = beta * s + (1 - beta) * g * g
        return x - lr * g / (np.sqrt(s + eps) if inside else np.sqrt(s) + eps)

    return step


def np_adam(p, weight_decay=0.0):
    beta1, beta2, eps = p["beta1"], p["beta2"], p["eps"]
    m, v, v_max = 0, 0, 0

    def step(x, g, lr, k):
        nonlocal m, v, v_max
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        v_max = np.maximum(v_max, v)
        m_hat, v_hat = m, v_max if p["amsgrad"] else v
        if p["bias_correction"]:
            m_hat, v_hat = m_hat / (1 - power(beta1, k, x)), v_hat / (1 - power(beta2, k, x))
        d = m_hat / (np.sqrt(v_hat + eps) if p["eps_inside_sqrt"] else np.sqrt(v_hat) + eps)
        return x - lr * (d + weight_decay * x)

    return step


def np_adamw(p):
    return np_adam(p, p["weight_decay"])


def np_nadam(p):
    """torch.optim.NAdam: β₁ₖ = β₁(1 − ½·0.96^(k·ψ)), ψ the momentum decay."""
    beta1, beta2, eps, psi = p["beta1"], p["beta2"], p["eps"], p["momentum_decay"]
    m, v, product = 0, 0, 1

    def step(x, g, lr, k):
        nonlocal m, v, product
        mu = beta1 * (1 - 0.5 * power(0.96, k * psi, x))
        mu_next = beta1 * (1 - 0.5 * power(0.96, (k + 1) * psi, x))
        product = product * mu
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
        return x - lr * m_hat / (np.sqrt(v / (1 - power(beta2, k, x))) + eps)

    return step


def np_radam(p):
    """torch.optim.RAdam: ε is added to √v before the correction (optax adds it after)."""
    beta1, beta2, eps = p["beta1"], p["beta2"], p["eps"]
    m, v, rho_inf = 0, 0, 2 / (1 - beta2) - 1

    def step(x, g, lr, k):
        nonlocal m, v
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        correction = 1 - power(beta2, k, x)
        m_hat = m / (1 - power(beta1, k, x))
        rho = rho_inf - 2 * k * power(beta2, k, x) / correction
        if rho <= 5:
            return x - lr * m_hat
        r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
        return x - lr * m_hat * r * np.sqrt(correction) / (np.sqrt(v) + eps)

    return step


def np_lion(p):
    beta1, beta2, m = p["beta1"], p["beta2"], 0

    def step(x, g, lr, k):
        nonlocal m
        d = np.sign(beta1 * m + (1 - beta1) * g)
        m = beta2 * m + (1 - beta2) * g
        return x - lr * (d + p["weight_decay"] * x)

    return step


def power(base, exponent, like):
    """base^exponent in the precision of `like`."""
    return like.dtype.type(base) ** like.dtype.type(exponent)


# The libraries' own; None where the variant is not theirs --------------------------------------------------------------


def torch_optimizer(p, x):
    """The optimiser of PyTorch that does the same."""
    lr = p["lr"]
    adam = dict(lr=lr, betas=(p.get("beta1"), p.get("beta2")), eps=p.get("eps"))
    of = torch.optim
    match p:
        case {"name": "sgd"}:
            return of.SGD([x], lr=lr)
        case {"name": "momentum", "form": "accumulate", "beta": beta}:
            return of.SGD([x], lr=lr, momentum=beta)
        case {"name": "momentum", "form": "ema", "beta": beta}:
            # `dampening` spares the first gradient; see `torch_run`.
            return of.SGD([x], lr=lr, momentum=beta, dampening=beta)
        case {"name": "nesterov", "beta": beta}:
            return of.SGD([x], lr=lr, momentum=beta, nesterov=True)
        case {"name": "adagrad", "eps": eps}:
            return of.Adagrad([x], lr=lr, eps=eps)
        case {"name": "adadelta", "rho": rho, "eps": eps}:
            return of.Adadelta([x], lr=lr, rho=rho, eps=eps)
        case {"name": "rmsprop", "beta": beta, "eps": eps, "eps_inside_sqrt": False}:
            return of.RMSprop([x], lr=lr, alpha=beta, eps=eps)
        case {"name": "adam", "bias_correction": True, "eps_inside_sqrt": False, "amsgrad": amsgrad}:
            return of.Adam([x], **adam, amsgrad=amsgrad)
        case {"name": "adamw", "bias_correction": True, "eps_inside_sqrt": False, "amsgrad": amsgrad}:
            return of.AdamW([x], **adam, weight_decay=p["weight_decay"], amsgrad=amsgrad)
        case {"name": "nadam", "momentum_decay": psi}:
            return of.NAdam([x], **adam, momentum_decay=psi)
        case {"name": "radam"}:
            return of.RAdam([x], **adam)
    return None


def optax_transform(p, schedule):
    """The transformation of optax that does the same."""
    eps = p.get("eps")
    roots = dict(eps=0.0, eps_root=eps) if p.get("eps_inside_sqrt") else dict(eps=eps)
    adam = dict(b1=p.get("beta1"), b2=p.get("beta2"))
    match p:
        case {"name": "sgd"}:
            return optax.sgd(schedule)
        case {"name": "momentum", "form": "accumulate", "beta": beta}:
            return optax.sgd(schedule, momentum=beta)
        case {"name": "momentum", "form": "ema", "beta": beta}:
            return optax.chain(optax.ema(beta, debias=False), optax.scale_by_learning_rate(schedule))
        case {"name": "momentum", "form": "velocity", "beta": beta}:
            return optax.chain(optax.scale_by_learning_rate(schedule), optax.trace(beta))
        case {"name": "nesterov", "beta": beta}:
            return optax.sgd(schedule, momentum=beta, nesterov=True)
        case {"name": "adadelta", "rho": rho}:
            return optax.adadelta(schedule, rho=rho, eps=eps)
        case {"name": "rmsprop", "beta": beta, "eps_inside_sqrt": inside}:
            return optax.rmsprop(schedule, decay=beta, eps=eps, eps_in_sqrt=inside)
        case {"name": "adam", "bias_correction": True, "amsgrad": False}:
            return optax.adam(schedule, **adam, **roots)
        case {"name": "adam", "bias_correction": False, "amsgrad": True}:
            uncorrected = dict(bias_correction_mu=False, bias_correction_nu=False)
            return optax.chain(
                optax.scale_by_amsgrad(**adam, **roots, **uncorrected), optax.scale_by_learning_rate(schedule)
            )
        case {"name": "adamw", "bias_correction": True, "amsgrad": False}:
            return optax.adamw(schedule, **adam, **roots, weight_decay=p["weight_decay"])
        case {"name": "radam", "eps": 0.0}:
            return optax.radam(schedule, **adam, eps=0.0)
        case {"name": "lion"}:
            return optax.lion(schedule, **adam, weight_decay=p["weight_decay"])
    return None


# Runs: the trajectory x₀ … x₂₀₀, row by row, and the value at each point -----------------------------------------------


def learning_rates(p, base):
    """lr·baseᵏ for k = 0, 1, …, by repeated multiplication."""
    rates, lr = [], p["lr"]
    for _ in range(STEPS):
        rates.append(lr)
        lr *= base
    return rates


def numpy_run(problem, p, rates, clip, dtype):
    step = globals()["np_" + p["name"]](p)
    x = problem.start.astype(dtype)
    points, values = [x], [problem.value(x, lambda v: v.astype(dtype))]
    for k, lr in enumerate(rates, 1):
        g = problem.gradient(x)
        if clip is not None:
            g = g * min(dtype(1), clip / np.sqrt((g * g).sum()))
        x = step(x, g, lr, k)
        points.append(x)
        values.append(problem.value(x, lambda v: v.astype(dtype)))
    return np.array(points), np.array(values)


def torch_run(problem, p, rates, clip):
    x = torch.tensor(problem.start, requires_grad=True)
    optimizer = torch_optimizer(p, x)
    # PyTorch's own clipping divides by the norm + 10⁻⁶, which is another rule.
    if optimizer is None or clip is not None:
        return None
    points, values = [x.detach().numpy().copy()], []
    for k, lr in enumerate(rates, 1):
        optimizer.zero_grad()
        value = problem.value(x, torch.tensor)
        value.backward()
        values.append(value.item())
        optimizer.param_groups[0]["lr"] = lr
        if k == 1 and p.get("form") == "ema":
            # SGD's first buffer is the gradient itself, undamped; the moving average from v = 0 damps it too.
            x.grad *= 1 - p["beta"]
        optimizer.step()
        points.append(x.detach().numpy().copy())
    values.append(problem.value(x, torch.tensor).item())
    return np.array(points), np.array(values)


def optax_run(problem, p, rates, clip):
    rates = jnp.array(rates)
    transform = optax_transform(p, lambda count: rates[count])
    if transform is None:
        return None
    if clip is not None:
        transform = optax.chain(optax.clip_by_global_norm(clip), transform)

    @jax.jit
    def step(x, state):
        g = jax.grad(problem.value)(x, jnp.array)
        updates, state = transform.update(g, state, x)
        return optax.apply_updates(x, updates), state

    value = jax.jit(lambda x: problem.value(x, jnp.array))
    x = jnp.array(problem.start)
    state = transform.init(x)
    points, values = [np.asarray(x)], [float(value(x))]
    for _ in range(STEPS):
        x, state = step(x, state)
        points.append(np.asarray(x))
        values.append(float(value(x)))
    return np.array(points), np.array(values)


def distance(run, exact):
    """The worst relative error of `run`: of a point, by its largest entry; of a value, by itself."""
    (x, f), (x0, f0) = run, exact
    points = np.abs(x - x0).max(axis=1) / np.abs(x0).max(axis=1)
    values = np.abs(f - f0) / np.abs(f0)
    return float(points.max()), float(values[AT].max())


# The cases -------------------------------------------------------------------------------------------------------------

ADAM = dict(beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True, eps_inside_sqrt=False, amsgrad=False)
OTHER = ADAM | dict(beta1=0.8, beta2=0.95, eps=1e-3)
RADAM = dict(beta1=0.9, beta2=0.999, eps=1e-8)
LION = dict(beta1=0.9, beta2=0.99, weight_decay=0.0)

# (method, fields, learning rates, clip_norm and lr_base: a triple is one for each of rosenbrock, quadratic and mlp)
TABLE = [
    ("sgd", {}, (2e-4, 0.1, 0.5), {}),
    ("sgd", {}, (5e-4, 0.18, 0.2), {"lr_base": 0.99}),
    ("momentum", dict(beta=0.9, form="accumulate"), (1e-4, 0.05, 0.1), {}),
    ("momentum", dict(beta=0.5, form="accumulate"), (2e-4, 0.1, 0.3), {"lr_base": 0.99}),
    ("momentum", dict(beta=0.9, form="ema"), (4e-4, 0.5, 0.5), {}),
    ("momentum", dict(beta=0.5, form="ema"), (2e-4, 0.2, 0.8), {"lr_base": 0.99}),
    ("momentum", dict(beta=0.9, form="velocity"), (1e-4, 0.05, 0.1), {}),
    ("momentum", dict(beta=0.5, form="velocity"), (2e-4, 0.1, 0.3), {"lr_base": 0.98}),
    ("nesterov", dict(beta=0.9), (1e-4, 0.05, 0.1), {}),
    ("nesterov", dict(beta=0.5), (2e-4, 0.1, 0.3), {"lr_base": 0.99}),
    ("adagrad", dict(eps=1e-10), (0.3, 0.5, 0.3), {}),
    ("adagrad", dict(eps=1e-3), (0.1, 1.0, 0.1), {"lr_base": 0.99}),
    ("adadelta", dict(rho=0.9, eps=1e-6), (1.0, 1.0, 1.0), {}),
    ("adadelta", dict(rho=0.95, eps=1e-4), (0.7, 0.5, 2.0), {"lr_base": 0.99}),
    ("rmsprop", dict(beta=0.99, eps=1e-8, eps_inside_sqrt=False), (0.01, 0.01, 0.01), {}),
    ("rmsprop", dict(beta=0.9, eps=1e-4, eps_inside_sqrt=False), (0.005, 0.01, 0.005), {"lr_base": 0.98}),
    ("rmsprop", dict(beta=0.99, eps=1e-8, eps_inside_sqrt=True), (0.01, 0.01, 0.01), {}),
    ("rmsprop", dict(beta=0.9, eps=1e-2, eps_inside_sqrt=True), (0.005, 0.01, 0.01), {"lr_base": 0.98}),
    ("adam", ADAM, (0.02, 0.05, 0.05), {}),
    ("adam", OTHER, (0.01, 0.1, 0.02), {"lr_base": 0.99}),
    ("adam", ADAM | dict(eps=1e-4, eps_inside_sqrt=True), (0.02, 0.05, 0.05), {}),
    ("adam", OTHER | dict(eps=1e-2, eps_inside_sqrt=True), (0.05, 0.1, 0.02), {}),
    ("adam", ADAM | dict(bias_correction=False), (0.01, 0.02, 0.02), {}),
    ("adam", OTHER | dict(bias_correction=False), (0.01, 0.1, 0.02), {"lr_base": 0.99}),
    ("adam", OTHER | dict(bias_correction=False, eps_inside_sqrt=True), (0.01, 0.02, 0.02), {}),
    ("adam", ADAM | dict(amsgrad=True), (0.05, 0.05, 0.05), {}),
    ("adam", OTHER | dict(amsgrad=True), (0.1, 0.1, 0.05), {"lr_base": 0.99}),
    ("adam", OTHER | dict(amsgrad=True, eps_inside_sqrt=True), (0.1, 0.1, 0.05), {}),
    ("adam", OTHER | dict(amsgrad=True, bias_correction=False), (0.05, 0.05, 0.05), {}),
    ("adam", OTHER | dict(amsgrad=True, bias_correction=False, eps_inside_sqrt=True), (0.05, 0.05, 0.05), {}),
    ("adamw", ADAM | dict(weight_decay=0.01), (0.02, 0.05, 0.05), {}),
    ("adamw", OTHER | dict(weight_decay=0.1), (0.01, 0.1, 0.02), {"lr_base": 0.99}),
    ("adamw", OTHER | dict(weight_decay=0.1, amsgrad=True), (0.05, 0.05, 0.05), {}),
    ("adamw", OTHER | dict(weight_decay=0.1, eps_inside_sqrt=True), (0.01, 0.02, 0.02), {}),
    ("nadam", RADAM | dict(momentum_decay=0.004), (0.02, 0.05, 0.02), {}),
    ("nadam", dict(beta1=0.8, beta2=0.95, eps=1e-6, momentum_decay=0.02), (0.01, 0.02, 0.02), {"lr_base": 0.99}),
    ("radam", RADAM, (1e-3, 0.02, 0.05), {}),
    ("radam", dict(beta1=0.8, beta2=0.95, eps=1e-4), (1e-4, 0.05, 0.05), {"lr_base": 0.99}),
    ("radam", RADAM | dict(eps=0.0, beta2=0.99), (5e-4, 0.02, 0.05), {}),
    ("lion", LION, (0.01, 0.01, 0.01), {}),
    ("lion", LION | dict(beta1=0.95, beta2=0.98), (0.003, 0.02, 0.003), {"lr_base": 0.99}),
    ("lion", LION | dict(weight_decay=0.1), (0.01, 0.01, 0.01), {}),
    ("sgd", {}, (2e-3, 0.1, 0.5), {"clip_norm": (5.0, 2.0, 0.2)}),
    ("sgd", {}, (1e-2, 0.1, 1.0), {"clip_norm": (0.1, 0.1, 0.05)}),
    ("adam", ADAM, (0.005, 0.05, 0.05), {"clip_norm": (5.0, 2.0, 0.1)}),
    ("adam", OTHER, (0.003, 0.01, 0.05), {"clip_norm": (0.5, 1.0, 0.05)}),
]


def case(problem, p, more):
    """One run from all sources, compared; what is kept of it, and how far the sources lie apart."""
    rates, clip = learning_rates(p, more.get("lr_base", 1.0)), more.get("clip_norm")
    if clip is not None:
        g = problem.gradient(problem.start)
        assert clip < np.sqrt(g @ g), "the clipping does nothing"
    exact = numpy_run(problem, p, rates, clip, np.longdouble)
    runs = {
        "torch": torch_run(problem, p, rates, clip),
        "optax": optax_run(problem, p, rates, clip),
        "numpy": numpy_run(problem, p, rates, clip, np.float64),
    }
    runs = {source: run for source, run in runs.items() if run is not None}
    errors = {source: distance(run, exact) for source, run in runs.items()}
    x, f = next(iter(runs.values()))
    worst = max(max(e) for e in errors.values())
    shown = " ".join(f"{source} {max(e):.1e}" for source, e in errors.items())
    flag = "" if worst < AGREEMENT else "   <-- too far apart"
    print(f"{problem.name} {p} {more}: f {f[0]:.3g} to {f[-1]:.6g}, {shown}{flag}")
    kept = {"optimizer": p} | more | {"sources": list(runs), "loss": f[AT], "x": x[problem.points_at]}
    return kept, worst


def sensitivity(problem, p, more):
    """How far each field, changed a little (a flag: flipped), moves the end of the run, relative to its largest entry."""
    rates, clip = learning_rates(p, more.get("lr_base", 1.0)), more.get("clip_norm")
    end = numpy_run(problem, p, rates, clip, np.float64)[0][-1]
    moved = {}
    for field, value in p.items():
        match value:
            case bool():
                other = not value
            case float():
                other = value * 0.999
            case _ if field == "form":
                other = {"accumulate": "ema", "ema": "accumulate", "velocity": "accumulate"}[value]
            case _:
                continue
        changed = p | {field: other}
        rates = learning_rates(changed, more.get("lr_base", 1.0))
        x = numpy_run(problem, changed, rates, clip, np.float64)[0][-1]
        moved[p["name"], field] = float(np.abs(x - end).max() / np.abs(end).max())
    return moved


def main():
    bad, moved = 0, {}
    for column, problem in enumerate([Rosenbrock(), Quadratic(), Mlp()]):
        def own(value):
            return value[column] if isinstance(value, tuple) else value

        cases = []
        for name, fields, lr, more in TABLE:
            p, more = {"name": name, "lr": own(lr)} | fields, {key: own(value) for key, value in more.items()}
            kept, worst = case(problem, p, more)
            cases.append(kept)
            bad += not worst < AGREEMENT
            for field, distance in sensitivity(problem, p, more).items():
                moved[field] = max(distance, moved.get(field, 0))
        head = {
            "about": problem.__doc__,
            "versions": golden.versions("torch", "optax", "jax", "numpy"),
            "problem": {"name": problem.name, "start": problem.start} | problem.data,
            "steps": AT,
            "x_steps": problem.points_at,
        }
        golden.write(f"optimizers_{problem.name}.json", head, cases)
    print({f"{name}.{field}": f"{distance:.0e}" for (name, field), distance in moved.items()})
    blind = [field for field, distance in moved.items() if distance < VISIBLE]
    if bad or blind:
        sys.exit(f"{bad} cases above {AGREEMENT}; fields that no case depends on: {blind}")


if __name__ == "__main__":
    main()
