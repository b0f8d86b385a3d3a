"""Reference losses and gradients of small networks, in float64: every activation with every loss, with and without L2.

PyTorch and JAX compute each case on their own; PyTorch's numbers are kept, and both must agree to AGREEMENT (of the
largest entry of the gradient).

Parameters lie layer by layer, W[out][in] row-major and then b[out]. mse and huber (δ = 1) are means over rows and
outputs, as is binary_cross_entropy (of logits); cross_entropy is the mean over rows (of logits). The L2 term is
½·l2·‖weights‖², without the biases.
"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

import golden

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

AGREEMENT = 1e-13
# ReLU has no derivative at 0, and a program may take either side there: keep away.
KINK = 1e-4

TORCH = {
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "elu": torch.nn.functional.elu,
    "gelu": torch.nn.functional.gelu,
    "softplus": torch.nn.functional.softplus,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "identity": lambda z: z,
    "mse": torch.nn.functional.mse_loss,
    "cross_entropy": torch.nn.functional.cross_entropy,
    "binary_cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits,
    "huber": torch.nn.functional.huber_loss,
}

JAX = {
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "softplus": jax.nn.softplus,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
    "identity": lambda z: z,
    "mse": lambda y, t: jnp.mean((y - t) ** 2),
    "cross_entropy": lambda y, t: optax.softmax_cross_entropy_with_integer_labels(y, t).mean(),
    "binary_cross_entropy": lambda y, t: optax.sigmoid_binary_cross_entropy(y, t).mean(),
    "huber": lambda y, t: optax.huber_loss(y, t, delta=1.0).mean(),
}

ACTIVATIONS = ["relu", "leaky_relu", "elu", "gelu", "softplus", "tanh", "sigmoid", "identity"]
LOSSES = {"mse": "regression", "huber": "regression", "cross_entropy": "classes", "binary_cross_entropy": "binary"}


def network(seed, sizes, rows, kind, gain=1.0):
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
    parts = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        parts.append(gain * random.normal(size=fan_out * fan_in) * (2 / fan_in) ** 0.5)
        parts.append(0.3 * random.normal(size=fan_out))
    return {
        "sizes": sizes,
        "inputs": inputs,
        "targets": targets,
        "parameters": np.round(np.concatenate(parts), 4),
    }


NETWORKS = {
    "regression": network(1, [3, 5, 4, 2], 7, "regression"),
    "classes": network(2, [2, 6, 3, 4], 9, "classes"),
    "binary": network(3, [4, 3, 5, 2], 7, "binary"),
    # Logits in the hundreds: exp of them overflows unless the loss is written for it.
    "large_classes": network(4, [2, 4, 3], 5, "classes", gain=40.0),
    "large_binary": network(5, [2, 4, 2], 5, "binary", gain=40.0),
    # No hidden layer: linear, softmax and logistic regression.
    "linear_regression": network(6, [3, 2], 6, "regression"),
    "softmax_regression": network(7, [3, 4], 6, "classes"),
    "logistic_regression": network(8, [3, 1], 6, "binary"),
    # Wider and longer than the blocks a program may work in, and no width or number of rows a multiple of them.
    "wide": network(9, [5, 19, 13, 3], 77, "classes"),
    "deep": network(10, [2, 3, 4, 3, 4, 2], 7, "regression"),
}


def cases():
    """(network, activation of each hidden layer, activation of the output, loss, l2)."""
    for loss, name in LOSSES.items():
        hidden = len(NETWORKS[name]["sizes"]) - 2
        for activation in ACTIVATIONS:
            for l2 in [0.0, 0.3]:
                yield name, [activation] * hidden, "identity", loss, l2
    yield "regression", ["relu", "tanh"], "identity", "mse", 0.0
    yield "regression", ["sigmoid", "gelu"], "tanh", "mse", 0.01
    yield "regression", ["softplus", "elu"], "sigmoid", "huber", 0.0
    yield "regression", ["tanh", "leaky_relu"], "softplus", "mse", 0.0
    yield "large_classes", ["relu"], "identity", "cross_entropy", 0.0
    yield "large_binary", ["relu"], "identity", "binary_cross_entropy", 0.0
    yield "linear_regression", [], "identity", "mse", 0.1
    yield "linear_regression", [], "identity", "huber", 0.0
    yield "softmax_regression", [], "identity", "cross_entropy", 0.1
    yield "logistic_regression", [], "identity", "binary_cross_entropy", 0.1
    yield "wide", ["tanh", "relu"], "identity", "cross_entropy", 0.0
    yield "deep", ["tanh", "gelu", "elu", "sigmoid"], "identity", "mse", 0.001


def value(of, net, activations, loss, l2, parameters, inputs, targets):
    """The loss, in the terms of whichever library `of` is a table of; and the smallest |input| of a kink."""
    a, offset, kink, penalty = inputs, 0, np.inf, 0.0
    for fan_in, fan_out, activation in zip(net["sizes"], net["sizes"][1:], activations):
        w = parameters[offset : offset + fan_out * fan_in].reshape(fan_out, fan_in)
        offset += fan_out * fan_in
        z = a @ w.T + parameters[offset : offset + fan_out]
        offset += fan_out
        if of is TORCH and activation in ("relu", "leaky_relu"):
            kink = min(kink, z.abs().min().item())
        penalty = penalty + (w * w).sum()
        a = of[activation](z)
    return of[loss](a, targets) + 0.5 * l2 * penalty, kink


def compute(name, hidden, output, loss, l2):
    net = NETWORKS[name]
    activations = [*hidden, output]
    x = torch.tensor(net["parameters"], requires_grad=True)
    f, kink = value(TORCH, net, activations, loss, l2, x, torch.tensor(net["inputs"]), torch.tensor(net["targets"]))
    f.backward()
    assert kink > KINK, (name, hidden, kink)
    g = x.grad.numpy()

    def of(x):
        return value(JAX, net, activations, loss, l2, x, jnp.array(net["inputs"]), jnp.array(net["targets"]))[0]

    other_f, other_g = jax.value_and_grad(of)(jnp.array(net["parameters"]))
    apart = max(abs(float(other_f) - f.item()) / abs(f.item()), np.abs(np.asarray(other_g) - g).max() / np.abs(g).max())
    print(f"{name} {hidden} {output} {loss} l2={l2}: loss {f.item():.6g}, {apart:.1e} apart, {kink:.1e} from a kink")
    assert apart < AGREEMENT
    return {
        "network": name,
        "hidden": hidden,
        "output": output,
        "loss": loss,
        "l2": l2,
        "value": f.item(),
        "gradient": g,
    }


def main():
    head = {
        "about": "Loss and gradient of small networks.",
        "versions": golden.versions("torch", "jax", "optax", "numpy"),
        "networks": NETWORKS,
    }
    golden.write("mlp.json", head, [compute(*case) for case in cases()])


if __name__ == "__main__":
    main()
