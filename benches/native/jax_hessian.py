"""JAX's compiled Hessian of a 4-16-3 network (tanh, cross-entropy) on the 150 rows of iris, and Descent's beside it.

Run from the repository: python benches/native/jax_hessian.py
"""

import csv

import ours

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")


def iris():
    with open(ours.ROOT / "www" / "data" / "iris.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    _, classes = np.unique([row[-1] for row in rows], return_inverse=True)
    return np.array([[float(cell) for cell in row[:-1]] for row in rows]), classes


def jaxs(dtype):
    inputs, classes = iris()
    inputs = jnp.array(inputs, dtype)

    def loss(x):
        w1, b1, w2, b2 = x[:64].reshape(16, 4), x[64:80], x[80:128].reshape(3, 16), x[128:]
        y = jnp.tanh(inputs @ w1.T + b1) @ w2.T + b2
        return -jnp.mean(jax.nn.log_softmax(y)[jnp.arange(len(classes)), classes])

    hessian = jax.jit(jax.hessian(loss))
    x = jnp.array(0.3 * np.sin(np.arange(131)), dtype)
    hessian(x).block_until_ready()
    return ours.median_seconds(lambda: hessian(x).block_until_ready(), repeats=50)


if __name__ == "__main__":
    types = {"f64": jnp.float64, "f32": jnp.float32}
    before = {name: jaxs(dtype) for name, dtype in types.items()}
    ours.run("second_order", "hessian")
    for name, dtype in types.items():
        theirs = min(before[name], jaxs(dtype))
        time = ours.seconds(f"hessian {name}")
        print(f"{name}: JAX {theirs * 1e3:.2f} ms, Descent {time * 1e3:.2f} ms, {time / theirs:.2f} of it")
