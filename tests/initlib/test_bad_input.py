"""Bad input: the message says what was wrong, what is allowed, and what came in."""

import inspect
import io
import math

import numpy as np
import pytest

import initlib
from initlib import (
    Activation,
    accuracy,
    attend,
    attention_weights,
    backward,
    backward_transformer,
    born_dead,
    c_map,
    chi,
    claim,
    compute_fans,
    constant,
    correlation,
    critical_weight_var,
    dead_fraction,
    digits,
    fit,
    fixed_point,
    forecast,
    forward,
    forward_transformer,
    gain,
    gaussian_mean,
    growth,
    he_normal,
    he_uniform,
    init_mlp,
    init_transformer,
    jacobian_singular_values,
    leaky_relu,
    lecun_normal,
    lecun_uniform,
    length_ratio,
    library_defaults,
    load_params,
    lsuv,
    mean_squared_error,
    normal,
    normalize,
    normalize_back,
    orthogonal,
    propagate,
    q_map,
    read_table,
    relu,
    replicate,
    report,
    residual,
    rms,
    saturation,
    second_moment,
    softmax_cross_entropy,
    spirals,
    spread,
    stack,
    streams,
    tanh,
    torch_linear,
    uniform,
    variance_scaling,
    xavier_normal,
    xavier_uniform,
    zeros,
)

RNG = np.random.default_rng(0)
LEGACY = np.random.RandomState(0)  # draws, but from no stream of its own
X, Y = RNG.standard_normal((6, 3)), np.array([0, 1, 0, 1, 0, 1])
NET = init_mlp([3, 4, 2], lecun_normal, RNG)
THREE = init_mlp([3, 4, 5, 2], lecun_normal, RNG)
TRACE = forward(NET, X, relu)
OUT = TRACE.z[-1]
TOKENS = init_transformer([4, 3, 6, 2], lecun_normal, RNG)
STREAM = np.ones((1, 3, 6))
NAN = np.full((2, 2), math.nan)
SETTINGS = {"lr": 0.1, "steps": 1, "batch": 2, "rng": RNG}


def read(params=TOKENS, x=((0, 1, 2),)):
    return forward_transformer(params, x, relu)


def tokens_with(factors):
    return init_transformer([4, 3, 6, 2], zeros, RNG, factors=factors)


def train(params=NET, act=relu, loss=softmax_cross_entropy, x=X, y=Y, **changes):
    return fit(params, act, loss, x, y, **{**SETTINGS, **changes})


def load(arrays, **options):
    file = io.BytesIO()
    np.savez(file, **{name: np.ones(shape) for name, shape in arrays.items()})
    file.seek(0)
    return load_params(file, **options)


V, T = ValueError, TypeError
# fmt: off
CASES = [
    (compute_fans, lambda: compute_fans((5,)), V, r"at least two axes.*got \(5,\)"),
    (compute_fans, lambda: compute_fans(5), V, "tuple of at least two axes.*got 5"),
    (compute_fans, lambda: compute_fans((5, 0)), V, r"shape\[1\] must be at least 1"),
    (compute_fans, lambda: compute_fans((5, 2.5)), T, r"shape\[1\].*integer; got 2.5"),
    (compute_fans, lambda: compute_fans((5, 6), in_axis=2), V, "most 1; got 2"),
    (compute_fans, lambda: compute_fans((5, 6), out_axis=-3), V, "least -2; got -3"),
    (compute_fans, lambda: compute_fans((5, 6), batch_axis="0"), T, "integer; got '0'"),
    (compute_fans, lambda: compute_fans((5, 6), in_axis=1), V,
     "no axis may be named twice; got in_axis=1, out_axis=-1"),
    (compute_fans, lambda: compute_fans((5, 6, 7), batch_axis=(0, -3)), V, "twice"),
    (compute_fans, lambda: compute_fans((5, 6), in_axis=()), V, "name an axis each"),
    (zeros, lambda: zeros((3, 4), None), T, "numpy.random.Generator.*got None"),
    (zeros, lambda: zeros((3, -4), RNG), V, "at least 1; got -4"),
    (constant, lambda: constant((3, 4), RNG, value=math.nan), V, "must be finite"),
    (constant, lambda: constant((3, 4), RNG, value="1"), T, "real number; got '1'"),
    (normal, lambda: normal((3, 4), RNG, std=-1), V, "std must be at least 0; got -1"),
    (normal, lambda: normal((3, 4), 0, std=1), T, "Generator.*got 0"),
    (uniform, lambda: uniform((3, 4), RNG, limit=math.inf), V, "finite; got inf"),
    (constant, lambda: constant((3, 4), RNG, value=10**400), V, "finite; got inf"),
    (constant, lambda: constant((3, 4), RNG, value=1j), T, "real number; got 1j"),
    (normal, lambda: normal((3, 4), RNG, std=1e308), V, r"most 1e\+300; got 1e"),
    (uniform, lambda: uniform((3, 4), RNG, limit=1e308), V, r"most 1e\+300; got"),
    (uniform, lambda: uniform((3, 4), RNG, limit=True), T, "real number; got True"),
    *[
        (init, lambda init=init: init((3, 4), np.random), T, "Generator.*got <module")
        for init in (lecun_normal, lecun_uniform, xavier_normal, xavier_uniform,
                     he_normal, he_uniform, torch_linear, orthogonal, variance_scaling)
    ],
    *[
        (init, lambda init=init: init((3,), RNG), V, "at least two axes")
        for init in (lecun_normal, lecun_uniform, xavier_normal, xavier_uniform,
                     he_normal, he_uniform, torch_linear, orthogonal, variance_scaling)
    ],
    (variance_scaling, lambda: variance_scaling((3, 4), RNG, mode="fan"), V,
     "one of fan_in, fan_out, fan_avg; got 'fan'"),
    (variance_scaling, lambda: variance_scaling((3, 4), RNG, mode=["fan_in"]), V,
     r"one of fan_in, fan_out, fan_avg; got \['fan_in'\]"),
    (variance_scaling, lambda: variance_scaling((3, 4), RNG, distribution="cauchy"), V,
     "one of normal, uniform, truncated_normal; got 'cauchy'"),
    (variance_scaling, lambda: variance_scaling((3, 4), RNG, scale=0), V,
     "scale must be greater than 0; got 0"),
    (orthogonal, lambda: orthogonal((3, 4), RNG, gain=-2), V, "at least 0; got -2"),
    (Activation, lambda: Activation("a", 3, np.cos), T, "f must be callable; got 3"),
    (Activation, lambda: Activation("a", np.sin, None), T, "df must be callable"),
    (leaky_relu, lambda: leaky_relu(math.nan), V, "slope must be finite; got nan"),
    (init_mlp, lambda: init_mlp([5], zeros, RNG), V, r"two layer sizes.*\[5\]"),
    (init_mlp, lambda: init_mlp([5, 4], lambda s, r: np.ones(s), 7), T, "Gen.*got 7"),
    (init_mlp, lambda: init_mlp([5, 0], zeros, RNG), V, r"sizes\[1\] must be at least"),
    (init_mlp, lambda: init_mlp([5, 4, 3], [zeros], RNG), V, "each of the 2 layers"),
    (init_mlp, lambda: init_mlp([5, 4], zeros, RNG, bias_std=-1), V, "bias_std"),
    (init_mlp, lambda: init_mlp([5, 4], lambda s, r: np.ones(s).T, RNG), V,
     r"must return shape \(5, 4\); got \(4, 5\)"),
    (init_mlp, lambda: init_mlp([2, 2], lambda s, r: NAN, RNG), V, "must be finite"),
    (init_mlp, lambda: init_mlp([5, 4, 3], 5, RNG), T, "init must be callable; got 5"),
    (init_mlp, lambda: init_mlp([5, 4], ["he"], RNG), T, r"init\[0\] must be callable"),
    (init_mlp, lambda: init_mlp([5, 4], zeros, RNG, bias_std=1e308), V, "most 1e.300"),
    (init_mlp, lambda: init_mlp(5, zeros, RNG), V, "list of at least two.*got 5"),
    (stack, lambda: stack([NET, 5]), T, r"list of \(W, b\); got 5"),
    (stack, lambda: stack(5), T, "networks must be a list of Params; got 5"),
    (stack, lambda: stack([]), V, "one or more networks"),
    (stack, lambda: stack([NET, NET[:1]]), V, "equal shapes; got 2 networks"),
    (load_params, lambda: load({"0.weight": (3, 4, 2, 2)}), V, "got 0.weight of shape"),
    (load_params, lambda: load({"0.gamma": (3,)}), V, r"NAME.bias; got 0.gamma of"),
    (load_params, lambda: load({"0.bias": (3,)}), V, r"a weight; got none in \['0'\]"),
    (load_params, lambda: load({}), V, r"a weight; got none in \[\]"),
    (load_params, lambda: load({"weight": (3, 3)}), V, r"both ways; got \[\(3, 3\)\]"),
    (load_params, lambda: load({"a.weight": (3, 4), "b.weight": (5, 6)}), V, "neither"),
    (load_params, lambda: load({"weight": (3, 3)}, transpose=1), T, "or None; got 1"),
    (load_params, lambda: load({"weight": (3, 4), "bias": (3,)}, transpose=False), V,
     r"b \(..., fan_out\); got \(3, 4\) and \(3,\)"),
    (report, lambda: report(NET, relu, rng=0), T, "Generator.*got 0"),
    (report, lambda: report(NET, np.sin, rng=RNG), T, "act must be an Activation"),
    (report, lambda: report(5, relu, rng=RNG), T, r"list of \(W, b\); got 5"),
    (report, lambda: report(stack([NET, NET]), relu, rng=RNG), V, "not an ensemble"),
    (report, lambda: report(NET, relu, X[:1], rng=RNG), V, "at least 2; got shape"),
    (report, lambda: report(NET, relu, X[:, :2], rng=RNG), V, "3 columns.*got"),
    (report, lambda: report(NET, relu, X * np.inf, rng=RNG), V, "x must be finite"),
    (forward, lambda: forward(NET, X[:, :2], relu), V, "3 columns.*got shape"),
    (forward, lambda: forward(NET, X[0], relu), V, "at least 2 axes; got shape"),
    (forward, lambda: forward(NET, X * np.nan, relu), V, "x must be finite"),
    (forward, lambda: forward(NET, X, np.tanh), T, "act must be an Activation"),
    (forward, lambda: forward([], X, relu), T, "non-empty list"),
    (forward, lambda: forward(NET[::-1], X, relu), V, "outputs of the layer before it"),
    (forward, lambda: forward([(NET[0][0], NET[1][1])], X, relu), V, "W .* and b"),
    (forward, lambda: forward([("a", 2)], X, relu), T, r"W of params\[0\].*got 'a'"),
    (forward, lambda: forward([(NET[0][0], 0.0)], X, relu), T, "b of params.*got 0.0"),
    (forward, lambda: forward([NET[0][0]], X, relu), T, r"a pair \(W, b\); got array"),
    (forward, lambda: forward(NET, [[1, 2, 3], [4]], relu), V, "x .*different lengths"),
    (forward, lambda: forward(NET, X.astype(complex), relu), T, "dtype complex128"),
    (backward, lambda: backward(TRACE, relu, OUT[:, :1]), V, "shape of the output"),
    (backward, lambda: backward(NET, relu, OUT), T, "must be a Trace"),
    (backward, lambda: backward(TRACE, "relu", OUT), T, "Activation.*got 'relu'"),
    (normalize, lambda: normalize(X, "group"), V, "one of layer, batch; got 'group'"),
    (normalize, lambda: normalize(X[0]), V, "at least 2 axes"),
    (normalize, lambda: normalize(X, eps=-1), V, "eps must be at least 0; got -1"),
    (normalize_back, lambda: normalize_back(X, X[:2]), V, r"shape of x, \(6, 3\)"),
    (normalize_back, lambda: normalize_back(X, X, eps=-1), V, "eps must be at least 0"),
    (residual, lambda: residual(-1), V, "branch must be at least 0; got -1"),
    (residual, lambda: residual(norm="rms"), V, "one of none, layer, batch; got 'rms'"),
    (residual, lambda: residual(place="in"), V, "place must be one of pre, post"),
    (residual, lambda: residual(scale=math.inf), V, "scale must be finite; got inf"),
    (residual, lambda: residual(2)[0](THREE, X, relu), V, "branch=2 layers; got 3"),
    (residual, lambda: residual(1)[0](THREE, X, relu), V, r"must have 4 outputs.*4, 5"),
    (residual, lambda: residual(0)[0](THREE, OUT, relu), V, "x must have 3 columns"),
    (residual, lambda: residual(0)[0](THREE, X, "relu"), T, "act must be an Activ"),
    (residual, lambda: residual(0)[1](TRACE, relu, OUT), T, "forward pass of residual"),
    (
        residual,
        lambda: residual(0)[1](residual(0)[0](NET, X, relu), relu, X),
        V,
        "shape of the output",
    ),
    (propagate, lambda: propagate([3, 2], zeros, relu, RNG, batch=0), V, "batch must"),
    (propagate, lambda: propagate([3, 2], zeros, relu, None), T, "Generator.*None"),
    *[
        (measure, lambda m=measure: m(X), T, "list of arrays.*got ndarray")
        for measure in (second_moment, rms, spread, correlation, dead_fraction)
    ],
    (second_moment, lambda: second_moment(5), T, "layers must be a list of arrays"),
    (second_moment, lambda: second_moment([]), V, "at least one layer; got an empty"),
    (spread, lambda: spread([X[0]]), V, r"layers\[0\].*at least 2 axes"),
    (correlation, lambda: correlation([X[:1]]), V, "at least 2 inputs; got 1"),
    (dead_fraction, lambda: dead_fraction([["a"]]), T, r"real numbers; got dtype"),
    (saturation, lambda: saturation([X], tanh, tol=0), V, "tol must be greater than 0"),
    (saturation, lambda: saturation([X], np.tanh), T, "act must be an Activation"),
    (length_ratio, lambda: length_ratio(0, 5, 9, RNG), V, "width must be at least 1"),
    (length_ratio, lambda: length_ratio(5, 0, 9, RNG), V, "depth must be at least 1"),
    (length_ratio, lambda: length_ratio(5, 5, 0, RNG), V, "count must be at least 1"),
    (length_ratio, lambda: length_ratio(5, 5, 9, 0), T, "rng must be"),
    (born_dead, lambda: born_dead(0, 5, RNG), V, "width must be at least 1"),
    (born_dead, lambda: born_dead(5, 0, RNG), V, "depth must be at least 1"),
    (born_dead, lambda: born_dead(5, 5, RNG, count=0), V, "count must be at least 1"),
    (born_dead, lambda: born_dead(5, 5, RNG, batch=0), V, "batch must be at least 1"),
    (born_dead, lambda: born_dead(5, 5, 0), T, "rng must be"),
    (growth, lambda: growth([1.0]), V, "at least two numbers"),
    (growth, lambda: growth([1.0, 0.0]), V, "all positive; got"),
    (growth, lambda: growth([1.0, math.inf]), V, "must be finite"),
    (jacobian_singular_values, lambda: jacobian_singular_values(NET, relu), T, "Trace"),
    (jacobian_singular_values,
     lambda: jacobian_singular_values(TRACE, relu, sample=6), V, "at most 5; got 6"),
    (replicate, lambda: replicate(3, RNG), T, "measure must be callable; got 3"),
    (replicate, lambda: replicate(math.sin, RNG, n=0), V, "n must be at least 1"),
    (replicate, lambda: replicate(math.sin, 7), T, "Generator.*got 7"),
    (lsuv, lambda: lsuv(NET, X, relu, tol=-1), V, "tol must be greater than 0"),
    (lsuv, lambda: lsuv(NET, 0 * X, relu), V, "layer 0 does not vary"),
    (gaussian_mean, lambda: gaussian_mean(3), T, "f must be callable; got 3"),
    (gaussian_mean, lambda: gaussian_mean(np.sin, -1), V, "q must be at least 0"),
    (gain, lambda: gain(np.tanh), T, "act must be an Activation"),
    (q_map, lambda: q_map(math.nan, tanh, 1), V, "q must be finite; got nan"),
    (q_map, lambda: q_map(-1, tanh, 1), V, "q must be at least 0; got -1"),
    (q_map, lambda: q_map(1, tanh, -1), V, "weight_var must be at least 0; got -1"),
    (chi, lambda: chi(tanh, 1, -2), V, "q must be at least 0; got -2"),
    (c_map, lambda: c_map(1.1, tanh, 1, 0, 1), V, "c must be at most 1; got 1.1"),
    (c_map, lambda: c_map(0, tanh, 1, 0, 0), V, "q must be greater than 0; got 0"),
    (c_map, lambda: c_map(0, tanh, 0, 0, 1), V, "next layer is zero"),
    (c_map, lambda: c_map(-1.1, tanh, 1, 0, 1), V, "c must be at least -1; got -1.1"),
    (forecast, lambda: forecast(np.tanh, 1, 5), T, "act must be an Activation"),
    (forecast, lambda: forecast(np.tanh, 1, 1), T, "act must be an Activation"),
    (forecast, lambda: forecast(tanh, -1, 5), V, "weight_var must be at least 0"),
    (forecast, lambda: forecast(tanh, 1, 0), V, "depth must be at least 1; got 0"),
    (forecast, lambda: forecast(tanh, 1, 5, bias_var=-1), V, "bias_var must be at"),
    (forecast, lambda: forecast(tanh, 1, 5, first=-1), V, "first must be at least 0"),
    (forecast, lambda: forecast(tanh, 1, 5, c=2), V, "c must be at most 1; got 2"),
    (forecast, lambda: forecast(tanh, 1, 5, c=-2), V, "c must be at least -1; got -2"),
    (forecast, lambda: forecast(relu, 1e200, 5), RuntimeError, "finite.* at layer 1"),
    (fixed_point, lambda: fixed_point(2, 1), T, "f must be callable; got 2"),
    (fixed_point, lambda: fixed_point(math.cos, 1, tol=0), V, "tol must be greater"),
    (critical_weight_var, lambda: critical_weight_var(tanh, -1), V, "bias_var must"),
    (critical_weight_var, lambda: critical_weight_var("tanh", 0), T, "act must be an"),
    (softmax_cross_entropy, lambda: softmax_cross_entropy(OUT, Y / 1.0), T, "integers"),
    (softmax_cross_entropy, lambda: softmax_cross_entropy(OUT, Y + 5), V, r"0\.\.1.*5"),
    (softmax_cross_entropy, lambda: softmax_cross_entropy(OUT, Y[:3]), V, r"\(6,\)"),
    (mean_squared_error, lambda: mean_squared_error(OUT, OUT[:, :1]), V, r"\(6, 2\)"),
    (accuracy, lambda: accuracy(NET, relu, X, Y[:2]), V, r"shape \(6,\).*got \(2,\)"),
    (fit, lambda: train(lr=-1), V, "lr must be a number >= 0"),
    (fit, lambda: train(lr=[0.1, -0.2]), V, "lr must be a number >= 0.*-0.2"),
    (fit, lambda: train(lr=[0.1] * 3), V, "each of the 2 layers.*array.*got 3"),
    (fit, lambda: train(lr=np.array([0.1, 0.2])), V, r"of shape \(\); got array"),
    (fit, lambda: train(lr="0.1"), T, "lr must hold real numbers"),
    (fit, lambda: train(lr=math.nan), V, "lr must be finite"),
    (fit, lambda: train(every=0), V, "every must be at least 1; got 0"),
    (fit, lambda: train(every=2.5), T, "every must be an integer; got 2.5"),
    (fit, lambda: train(params=[]), T, r"non-empty list of \(W, b\); got \[\]"),
    (fit, lambda: train(params=NET[0]), T, r"params\[0\] must be a pair"),
    (fit, lambda: train(loss="mse"), T, "loss must be callable; got 'mse'"),
    (fit, lambda: train(measure=3), T, "measure must be callable; got 3"),
    (fit, lambda: train(passes=forward), T, r"a pair \(forward, backward\); got <fun"),
    (fit, lambda: train(passes=(forward, 3)), T, "each of passes must be callable"),
    (fit, lambda: train(act=np.tanh), T, "act must be an Activation"),
    (fit, lambda: train(x=X[:, 0]), V, "at least 2 axes; got shape"),
    (fit, lambda: train(y=1), V, r"one entry for each row of x; got \(6, 3\) and \(\)"),
    (fit, lambda: train(batch=7), V, "batch must be at most 6; got 7"),
    (fit, lambda: train(steps=0), V, "steps must be at least 1; got 0"),
    (fit, lambda: train(steps=1.5), T, "steps must be an integer; got 1.5"),
    (attention_weights, lambda: attention_weights(STREAM, STREAM, heads=0), V,
     "heads must be at least 1; got 0"),
    (attend, lambda: attend(STREAM, STREAM, STREAM[:, :2]), V, r"same.*got \[\(1, 2"),
    (attend, lambda: attend(STREAM, STREAM, STREAM, heads=4), V, "width, 6; got 4"),
    (init_transformer, lambda: init_transformer([4, 3, 6], zeros, RNG), V, "four numb"),
    (init_transformer, lambda: tokens_with({"qkv": 1}), V, "one of emb.*got 'qkv'"),
    (init_transformer, lambda: tokens_with({"up": [1, 2, 3]}), V, "each of the 2 bloc"),
    (forward_transformer, lambda: read(TOKENS[:-1]), V, "6 for each block; got 13"),
    (forward_transformer, lambda: read(3), T, "list of .W, b.; got 3"),
    (forward_transformer, lambda: read(x=[[0, 1, 2, 3]]), V, r"most 3 .*got \(1, 4\)"),
    (forward_transformer, lambda: read(x=[[4]]), V, "tokens 0..3; got 4"),
    (forward_transformer, lambda: read(x=[[0.5]]), V, "tokens 0..3; got 0.5"),
    (streams, lambda: streams(3), T, "from forward_transformer; got 3"),
    (backward_transformer, lambda: backward_transformer(read(), relu, STREAM), V,
     "dout must have the shape of the output"),
    (fit, lambda: train(rng=0), T, "Generator.*got 0"),
    (fit, lambda: train(y=Y[:4]), V, "one entry for each row of x"),
    (fit, lambda: train(weight_decay=-1), V, "weight_decay must be at least 0"),
    (fit, lambda: train(optimizer="rmsprop"), V, "one of sgd, adam; got 'rmsprop'"),
    (fit, lambda: train(loss=mean_squared_error), V, "target must"),
    (digits, lambda: digits(0), T, "Generator.*got 0"),
    (digits, lambda: digits(RNG, test_fraction=1.0), V, "images on both sides; got 1"),
    (library_defaults, lambda: library_defaults("jax"), V, "one of torch.*got 'jax'"),
    (read_table, lambda: read_table("wine"), V, "one of digits, iris; got 'wine'"),
    (spirals, lambda: spirals(LEGACY), T, "rng must be a numpy.random.Generator"),
    (spirals, lambda: spirals(RNG, classes=1), V, "classes must be at least 2; got 1"),
    (spirals, lambda: spirals(RNG, noise=-1), V, "noise must be at least 0; got -1"),
    (claim, lambda: claim("no stop", 1, above=0), V, "sentence with its stop"),
    (claim, lambda: claim("A.", 1), V, "give equals, or above < below"),
    (claim, lambda: claim("A.", 1, above=2, below=1), V, "above=2, below=1"),
    (claim, lambda: claim("A.", 1, above=1, below=1), V, "above=1, below=1"),
    (claim, lambda: claim("A.", 1, equals=1, above=0), V, "either equals"),
    (claim, lambda: claim("A.", 1, within=1), V, "tolerance of equals"),
    (claim, lambda: claim("A.", True, above=0), T, "truth value needs equals=True"),
    (claim, lambda: claim("A.", 1, equals=True), T, "measured=1, equals=True"),
    (claim, lambda: claim("A.", "x", above=0), T, "measured must be a number"),
    (claim, lambda: claim(5, 1, above=0), V, "sentence with its stop; got 5"),
    (claim, lambda: claim("A.", [[1], [1, 2]], above=0), T, "measured must be a num"),
    (claim, lambda: claim("A.", [[1, 1], [1, 2]], above=0), T, "measured must be a n"),
    (claim, lambda: claim("A.", [], above=0), T, "measured must be a number"),
    (claim, lambda: claim("A.", 1, equals="1"), T, "equals must be a real number"),
    (claim, lambda: claim("A.", True, equals=True, within=1), V, "has no tolerance"),
    (claim, lambda: claim("A.", 1, above=math.inf), V, "above must be finite"),
    (claim, lambda: claim("A.", 1, above=0, rival=0), T, "rival must be .plain words"),
    (claim, lambda: claim("A.", 1, above=0, rival=("a", 0, 1)), T, "what it gives"),
    (claim, lambda: claim("A.", 1, above=0, rival=(0, "a")), T, "got .0, 'a'."),
    (claim, lambda: claim("A.", 1, above=0, rival=("", 0)), V, "not empty; got ''"),
    (claim, lambda: claim("A.", 1, above=0, rival=("a.", 0)), V, "no stop"),
    (claim, lambda: claim("A.", 1, above=0, rival=("a", "b")), T, "rival must be a nu"),
    (claim, lambda: claim("A.", 1, above=0, rival=("a", False)), T, "that of a number"),
    (
        claim,
        lambda: claim("A.", True, equals=True, rival=("a", 0)),
        T,
        "the rival of a truth value is the opposite one",
    ),
    (claim, lambda: claim("A.", 1, above=0, settles=13), V, '"S" and a number; got 13'),
    (claim, lambda: claim("A.", 1, above=0, settles="13"), V, '"S" and a number'),
]
# fmt: on


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        pytest.param(*case[1:], id=f"{case[0].__name__}-{case[3][:24]}")
        for case in CASES
    ],
)
def test_message(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_every_public_function_is_in_the_table():
    covered = {case[0].__name__ for case in CASES}
    functions = {n for n in initlib.__all__ if inspect.isfunction(getattr(initlib, n))}
    assert functions <= covered
