"""Time initlib on one thread, beside torch where torch is installed.

    python tools/bench.py [--repeats 15]

Every initializer draws a 2048 x 2048 matrix; a step is one forward and one backward
pass of ten layers; the nets are an ensemble such as chapters train, 72 networks of ten
layers at once, beside the same steps in torch, network by network and batched.  All is
float64.  Each figure is the median of repeats that alternate between the two libraries,
so that both see the same moods of the machine.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

import initlib

try:
    import torch
except ImportError:
    torch = None
else:
    torch.set_num_threads(1)

SHAPE = (2048, 2048)
LAYERS = 10
NETWORKS, SIZES, BATCH, STEPS = 72, [64, *[32] * (LAYERS - 1), 10], 32, 20


def time_both(ours: Callable, theirs: Callable | None, repeats: int) -> list[float]:
    """Return the median seconds of each, taken in turn after one warm-up."""
    calls = [ours] if theirs is None else [ours, theirs]
    seconds = [[] for _ in calls]
    for i in range(repeats + 1):
        for call, taken in zip(calls, seconds, strict=True):
            start = time.perf_counter()
            call()
            if i:
                taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in seconds]


def initializers() -> dict[str, tuple[Callable, Callable | None]]:
    """Return our call and torch's for each initializer, by name."""
    rng = np.random.default_rng(0)
    trunc = partial(initlib.variance_scaling, distribution="truncated_normal")
    ours = {
        "zeros": initlib.zeros,
        "constant": partial(initlib.constant, value=0.5),
        "normal": partial(initlib.normal, std=0.02),
        "uniform": partial(initlib.uniform, limit=0.02),
        "truncated_normal": trunc,
        "lecun_normal": initlib.lecun_normal,
        "lecun_uniform": initlib.lecun_uniform,
        "xavier_normal": initlib.xavier_normal,
        "xavier_uniform": initlib.xavier_uniform,
        "he_normal": initlib.he_normal,
        "he_uniform": initlib.he_uniform,
        "orthogonal": initlib.orthogonal,
    }
    return {
        name: (partial(init, SHAPE, rng), torch_initializer(name))
        for name, init in ours.items()
    }


def torch_initializer(name: str) -> Callable | None:
    """Return torch's call of the same name or meaning; it has none for LeCun."""
    if torch is None or name.startswith("lecun"):
        return None
    init = torch.nn.init
    fill = {
        "zeros": init.zeros_,
        "constant": partial(init.constant_, val=0.5),
        "normal": partial(init.normal_, std=0.02),
        "uniform": partial(init.uniform_, a=-0.02, b=0.02),
        "truncated_normal": init.trunc_normal_,
        "he_normal": partial(init.kaiming_normal_, nonlinearity="relu"),
        "he_uniform": partial(init.kaiming_uniform_, nonlinearity="relu"),
        "orthogonal": init.orthogonal_,
    }.get(name) or getattr(init, f"{name}_")
    return lambda: fill(torch.empty(SHAPE, dtype=torch.float64))


def step(width: int) -> tuple[Callable, Callable | None]:
    """Return our forward and backward pass and torch's, with ReLU and biases."""
    rng = np.random.default_rng(0)
    params = initlib.init_mlp([width] * (LAYERS + 1), initlib.he_normal, rng)
    x, dout = rng.standard_normal((2, width, width))

    def ours():
        trace = initlib.forward(params, x, initlib.relu)
        return initlib.backward(trace, initlib.relu, dout)

    return ours, None if torch is None else torch_step(params, x, dout)


def torch_step(params, x: np.ndarray, dout: np.ndarray) -> Callable:
    """Return one pass through the same network in torch, checked to agree with ours."""
    modules = []
    for W, b in params:
        layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
        layer.weight.data = torch.from_numpy(W.T.copy())
        layer.bias.data = torch.from_numpy(b.copy())
        modules += [layer, torch.nn.ReLU()]
    network = torch.nn.Sequential(*modules[:-1])
    inputs, gradient = torch.from_numpy(x), torch.from_numpy(dout)

    def theirs():
        network.zero_grad(set_to_none=True)
        network(inputs).backward(gradient)

    theirs()
    trace = initlib.backward(
        initlib.forward(params, x, initlib.relu), initlib.relu, dout
    )
    np.testing.assert_allclose(trace.dW[0].T, network[0].weight.grad, rtol=1e-9)
    return theirs


def ensemble() -> dict[str, tuple[Callable, Callable | None]]:
    """Return our training of many networks at once, and torch's two ways to do it."""
    rng = np.random.default_rng(0)
    networks = [
        initlib.init_mlp(SIZES, initlib.he_normal, rng) for _ in range(NETWORKS)
    ]
    x, labels = rng.standard_normal((BATCH, SIZES[0])), rng.integers(0, 10, BATCH)
    together = initlib.stack(networks)
    task = initlib.relu, initlib.softmax_cross_entropy, x, labels
    how = {"lr": 0.01, "steps": STEPS, "batch": BATCH}

    def ours():
        return initlib.fit(together, *task, **how, rng=np.random.default_rng(0)).params

    if torch is None:
        return {"at once": (ours, None)}

    def one_by_one():
        alone = [torch_train([params], x, labels) for params in networks]
        return [torch.cat(layer) for layer in zip(*alone, strict=True)]

    batched = partial(torch_train, networks, x, labels)
    for theirs in (one_by_one, batched):
        for (W, _), V in zip(ours(), theirs(), strict=True):
            np.testing.assert_allclose(W, V, rtol=1e-6, atol=1e-9)
    return {"one by one": (ours, one_by_one), "batched": (ours, batched)}


def torch_train(networks, x: np.ndarray, labels: np.ndarray) -> list:
    """Train networks side by side with torch's batched products; return the weights."""
    arrays = [a for W, b in initlib.stack(networks) for a in (W, b[:, None])]
    tensors = [torch.from_numpy(a.copy()).requires_grad_() for a in arrays]
    optimizer = torch.optim.SGD(tensors, lr=0.01)
    inputs = torch.from_numpy(x).expand(len(networks), -1, -1)
    wanted = torch.from_numpy(labels).repeat(len(networks))
    for _ in range(STEPS):
        h = inputs
        for W, b in zip(tensors[::2], tensors[1::2], strict=True):
            z = torch.baddbmm(b, h, W)
            h = torch.relu(z)
        out = z.reshape(len(wanted), -1)
        loss = torch.nn.functional.cross_entropy(out, wanted, reduction="sum") / len(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [W.detach() for W in tensors[::2]]


def main() -> None:
    """Print a line for each thing that is timed."""
    parser = argparse.ArgumentParser(description="Time initlib on one thread.")
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    if torch is None:
        print("torch is not installed, so initlib is timed alone")
    print(f"{'':24}{'initlib':>10}{'torch':>10}{'ratio':>8}")
    things = {f"{n} {SHAPE[0]}": pair for n, pair in initializers().items()}
    things |= {f"step {width} x {LAYERS}": step(width) for width in (256, 64)}
    things |= {f"{NETWORKS} nets, {way}": pair for way, pair in ensemble().items()}
    for name, (ours, theirs) in things.items():
        times = time_both(ours, theirs, repeats * (8 if "step" in name else 1))
        line = f"{name:24}{1e3 * times[0]:7.2f} ms"
        if theirs is not None:
            line += f"{1e3 * times[1]:7.2f} ms{times[0] / times[1]:8.2f}"
        print(line)


if __name__ == "__main__":
    main()
