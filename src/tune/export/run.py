import itertools

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "gelu": F.gelu,
    "softplus": lambda z: F.softplus(z, threshold=40),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "identity": lambda z: z,
}
# The softmax and the sigmoid are part of their losses.
LOSSES = {
    "mse": F.mse_loss,
    "cross_entropy": F.cross_entropy,
    "binary_cross_entropy": F.binary_cross_entropy_with_logits,
    "huber": F.huber_loss,
}


def rows_of(run, part):
    """Inputs and targets of a part, standardised as the run was: by the means and deviations of its training rows."""
    data = DATA[run["data"]]

    def exact(values):
        return torch.tensor(values, dtype=torch.float64)

    def scaled(values, scale):
        return exact(values) if scale is None else (exact(values) - exact(scale["mean"])) / exact(scale["scale"])

    inputs = scaled(data[part]["inputs"], data["input_scale"])
    if data["classes"] is None:
        targets = scaled(data[part]["targets"], data["target_scale"])
    else:
        labels = torch.tensor(data[part]["targets"], dtype=torch.int64)
        outputs = run["sizes"][-1]
        targets = labels[:, None] if outputs == 1 else F.one_hot(labels, outputs)
    dtype = getattr(torch, run["dtype"])
    return inputs.to(dtype), targets.to(dtype)


def initial_parameters(run):
    """W [outputs, inputs] and b [outputs] of each layer, from the flat list of the run."""
    flat, parameters = iter(STARTS[run["start"]]), []
    for inputs, outputs in itertools.pairwise(run["sizes"]):
        for shape in ((outputs, inputs), (outputs,)):
            count = outputs * inputs if len(shape) == 2 else outputs
            values = torch.tensor(list(itertools.islice(flat, count)), dtype=getattr(torch, run["dtype"]))
            parameters.append(values.reshape(shape).requires_grad_())
    return parameters


def forward(parameters, x, run):
    for weights, biases, activation in zip(parameters[0::2], parameters[1::2], run["activations"]):
        x = ACTIVATIONS[activation](F.linear(x, weights, biases))
    return x


def batches(run, n):
    """The rows of each iteration, in the orders that were drawn for the run."""
    size = min(run["batch_size"] or n, n)
    for epoch in itertools.count():
        order = torch.arange(n) if run["orders"] is None else torch.tensor(ORDERS[run["orders"]][epoch])
        yield from order.split(size)


def train(run, report=lambda iteration, loss: None):
    """Trains the network of a run and returns its parameters; tells the loss of each batch before its step."""
    x, y = rows_of(run, "train")
    parameters = initial_parameters(run)
    optimizer = getattr(torch.optim, run["optimizer"])(parameters, **run["options"])
    for iteration, rows in enumerate(itertools.islice(batches(run, len(x)), run["iterations"])):
        if run["rates"] is not None:
            for group in optimizer.param_groups:
                group["lr"] = run["rates"][iteration]
        optimizer.zero_grad()
        loss = LOSSES[run["loss"]](forward(parameters, x[rows], run), y[rows])
        if run["l2"] > 0:
            loss = loss + 0.5 * run["l2"] * sum((weights**2).sum() for weights in parameters[0::2])
        loss.backward()
        if run["clip_norm"] is not None:
            norm = torch.sqrt(sum((p.grad**2).sum() for p in parameters))
            if norm > run["clip_norm"]:
                for p in parameters:
                    p.grad *= run["clip_norm"] / norm
        optimizer.step()
        report(iteration, loss.item())
    return parameters


@torch.no_grad()
def evaluate(parameters, run, part):
    """Loss without the L2 term, and accuracy or R², on "train" or "val". The test rows were left out, under seal."""
    x, y = rows_of(run, part)
    z = forward(parameters, x, run)
    metrics = {"loss": LOSSES[run["loss"]](z, y).item()}
    if DATA[run["data"]]["classes"] is None:
        metrics["r2"] = (1 - ((y - z) ** 2).sum(0) / ((y - y.mean(0)) ** 2).sum(0)).mean().item()
    else:
        threshold = 0 if run["loss"] == "binary_cross_entropy" else 0.5
        said = z >= threshold if z.shape[1] == 1 else z.argmax(1)[:, None]
        true = y >= 0.5 if z.shape[1] == 1 else y.argmax(1)[:, None]
        metrics["accuracy"] = (said == true).double().mean().item()
    return metrics
