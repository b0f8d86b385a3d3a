"""Reference Hessians of the loss and Jacobians of the outputs of small networks, in float64, from JAX: every activation
with every loss, with and without L2.

Parameters lie layer by layer, W[out][in] row-major and then b[out]; losses and L2 are those of `generate_mlp.py`.

The Jacobian is that of the outputs, [rows·outputs][n], row by row.
"""

import jax
import jax.numpy as jnp
import numpy as np

import golden

jax.config.update("jax_enable_x64", True)

# Where a first or second derivative jumps a program may take either side: keep away.
KINK = 1e-4

ACTIVATIONS = {
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "softplus": jax.nn.softplus,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
    "identity": lambda z: z,
}
KINKED = {"relu", "leaky_relu", "elu"}


def huber(y, t):
    e = jnp.abs(y - t)
    return jnp.mean(jnp.where(e <= 1, 0.5 * e * e, e - 0.5))


LOSSES = {
    "mse": ("regression", lambda y, t: jnp.mean((y - t) ** 2)),
    "huber": ("regression", huber),
    "cross_entropy": (
        "classes",
        lambda y, t: -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(y), t[:, None], axis=1)),
    ),
    "binary_cross_entropy": ("binary", lambda y, t: jnp.mean(jax.nn.softplus(y) - y * t)),
}


def network(seed, sizes, rows, kind):
    """Inputs, targets and parameters, in few digits so that the file stays small."""
    random = np.random.default_rng(seed)
    inputs = np.round(random.normal(size=(rows, sizes[0])), 3)
    match kind:
        case "regression":
            targets = np.round(2 * random.normal(size=(rows, sizes[-1])), 3)
        case "classes":
            targets = np.arange(rows) % sizes[-1]
        case "binary":
            targets = random.integers(0, 2, size=(rows, sizes[-1])).astype(float)
    dim = sum((fan_in + 1) * fan_out for fan_in, fan_out in zip(sizes, sizes[1:]))
    return {"sizes": sizes, "inputs": inputs, "targets": targets, "parameters": np.round(random.normal(size=dim), 3)}


NETWORKS = {
    "regression": network(1, [2, 3, 2, 2], 6, "regression"),
    "classes": network(2, [2, 3, 2, 3], 7, "classes"),
    "binary": network(3, [2, 3, 2, 2], 6, "binary"),
    # No hidden layer: linear, softmax and logistic regression.
    "linear_regression": network(6, [3, 2], 6, "regression"),
    "softmax_regression": network(7, [3, 4], 6, "classes"),
    "logistic_regression": network(8, [3, 1], 6, "binary"),
    "deep": network(10, [2, 3, 2, 3, 2, 1], 5, "regression"),
}


def cases():
    """(network, activation of each hidden layer, activation of the output, loss, l2)."""
    for loss, (name, _) in LOSSES.items():
        hidden = len(NETWORKS[name]["sizes"]) - 2
        for i, activation in enumerate(ACTIVATIONS):
            yield name, [activation] * hidden, "identity", loss, 0.3 * (i % 2)
    yield "regression", ["relu", "tanh"], "identity", "mse", 0.0
    yield "regression", ["sigmoid", "gelu"], "tanh", "mse", 0.01
    yield "regression", ["softplus", "elu"], "sigmoid", "huber", 0.0
    yield "regression", ["tanh", "leaky_relu"], "softplus", "mse", 0.0
    yield "linear_regression", [], "identity", "mse", 0.1
    yield "softmax_regression", [], "identity", "cross_entropy", 0.1
    yield "logistic_regression", [], "identity", "binary_cross_entropy", 0.1
    yield "deep", ["tanh", "gelu", "elu", "sigmoid"], "identity", "mse", 0.001


def outputs(net, activations, x):
    """The network's outputs, the squared norm of its weights, and the smallest |input| of a kink."""
    a, offset, squares, kink = jnp.array(net["inputs"]), 0, 0.0, np.inf
    for fan_in, fan_out, activation in zip(net["sizes"], net["sizes"][1:], activations):
        w = x[offset : offset + fan_out * fan_in].reshape(fan_out, fan_in)
        offset += fan_out * fan_in
        z = a @ w.T + x[offset : offset + fan_out]
        offset += fan_out
        if activation in KINKED:
            kink = jnp.minimum(kink, jnp.abs(z).min())
        squares = squares + (w * w).sum()
        a = ACTIVATIONS[activation](z)
    return a, squares, kink


def compute(name, hidden, output, loss, l2):
    net = NETWORKS[name]
    activations = [*hidden, output]
    targets = jnp.array(net["targets"])
    x = jnp.array(net["parameters"])

    def f(x):
        y, squares, _ = outputs(net, activations, x)
        return LOSSES[loss][1](y, targets) + 0.5 * l2 * squares

    y, _, kink = outputs(net, activations, x)
    if loss == "huber":
        kink = min(kink, jnp.abs(jnp.abs(y - targets) - 1).min())
    assert kink > KINK, (name, hidden, kink)
    hessian = np.asarray(jax.jit(jax.hessian(f))(x))
    jacobian = []
    if loss == "mse":
        jacobian = np.asarray(jax.jit(jax.jacrev(lambda x: outputs(net, activations, x)[0].reshape(-1)))(x)).reshape(-1)
    print(f"{name} {hidden} {output} {loss} l2={l2}: {float(kink):.1e} from a kink", flush=True)
    return {
        "network": name,
        "hidden": hidden,
        "output": output,
        "loss": loss,
        "l2": l2,
        # The lower triangle, row by row.
        "hessian": hessian[np.tril_indices(len(x))],
        "jacobian": jacobian,
    }


def main():
    head = {
        "about": "Hessians of the loss (lower triangles) and Jacobians of the outputs (where the loss is mse).",
        "versions": golden.versions("jax", "numpy"),
        "networks": NETWORKS,
    }
    golden.write("curvature.json", head, [compute(*case) for case in cases()])


if __name__ == "__main__":
    main()
