"""*The clinic* has one right diagnosis a patient, and takes any cure."""

from types import SimpleNamespace

import numpy as np
import pytest

import initlib
from assignments.recipes import clinic
from initlib import relu, tanh
from tests.assignments.reference import MASTERS, answers, failures

LETTERS = sorted(clinic.DISEASE)


class TestPatients:
    def test_stored_weights_are_those_of_the_recipe(self):
        expected = clinic.arrays()
        with np.load(clinic.FILE) as stored:
            assert sorted(stored.files) == sorted(expected)
            for name, array in expected.items():  # half of a digit from BLAS to BLAS
                np.testing.assert_allclose(stored[name], array, rtol=2e-3, atol=1e-4)

    def test_file_has_the_same_bytes_every_time(self, tmp_path):
        assert clinic.FILE.stat().st_size < 600_000
        with np.load(clinic.FILE) as stored:
            arrays = {name: stored[name] for name in stored.files}
        np.savez(tmp_path / "again.npz", **arrays)
        assert (tmp_path / "again.npz").read_bytes() == clinic.FILE.read_bytes()

    def test_students_get_the_sizes_of_the_recipe(self):
        for name, params in answers("a3")["patients"].items():
            sizes = [len(params[0][0]), *(len(b) for _, b in params)]
            assert sizes == clinic.SIZES[name]

    def test_every_disease_is_in_the_list_once(self):
        listed = answers("a3")["DISEASES"]
        assert len(set(listed)) == len(listed) == 13
        assert set(clinic.DISEASE.values()) < set(listed)
        assert len(set(clinic.DISEASE.values())) == 8
        table = next(c.source for c in MASTERS["a3"].cells if "| Cause |" in c.source)
        rows = [row.split("|")[1].strip() for row in table.splitlines() if "|" in row]
        assert rows[2:] == listed

    @pytest.mark.parametrize("name", LETTERS)
    def test_only_one_disease_explains_what_can_be_measured(self, name):
        fits = {disease for disease, sign in SIGNS.items() if sign(measured(name))}
        assert fits == {clinic.DISEASE[name]}

    @pytest.mark.parametrize("name", LETTERS)
    def test_sick_network_does_not_pass_for_cured(self, name):
        cure = f"def cure_{name.lower()}(params, rng):\n    return params"
        replaced = {f"cure-{name.lower()}": cure}
        test = f"test-cure-{name.lower()}"
        assert "AssertionError" in failures("a3", replaced, {test})[test]

    @pytest.mark.parametrize("name", LETTERS)
    def test_public_check_takes_every_name_in_the_list(self, name):
        (check,) = (
            c for c in MASTERS["a3"].tests if c.id.endswith(f"sis-{name.lower()}")
        )
        names = answers("a3")
        for disease in names["DISEASES"]:
            exec(check.public, names | {f"diagnosis_{name.lower()}": disease})


def measured(name):
    """Return all that the student's instruments show of a patient."""
    names = answers("a3")
    params, act = names["patients"][name], names["acts"][name]
    loss, trace = names["run"](params, act)
    fan_in = np.array([len(W) for W, _ in params])
    fan_out = np.array([len(b) for _, b in params])
    std = names["weight_scales"](params) / np.sqrt(fan_in)
    size = names["rms"](trace.z)
    return SimpleNamespace(
        **{"params": params, "act": act, "loss": loss, "trace": trace, "std": std},
        **{"fan_in": fan_in, "fan_out": fan_out, "x": names["x"], "y": names["y"]},
        scale=np.sqrt(fan_in) * std,
        reach=np.array([np.abs(W).max() for W, _ in params]),
        biases=names["rms"]([[b] for _, b in params]) / np.where(size > 0, size, 1),
        silent=initlib.dead_fraction(trace.z[:-1]),
        came_trained=name == "H",  # so says its chart
    )


def near(values, expected, within=0.12):
    return bool(np.all(np.abs(values[1:-1] / np.asarray(expected) - 1) < within))


def reads(of, params):
    return initlib.accuracy(params, of.act, of.x, of.y)


def turned(params):
    return [(W.T if len(W) == len(b) else W, b) for W, b in params]


def first_silent_layer_has_weights(of):
    silent = np.flatnonzero(of.silent > 0.8)
    return bool(silent.size and of.std[silent[0]] > 0 and of.act is relu)


SIGNS = {
    "constant weights": lambda of: any(W.std() == 0 < W[0, 0] for W, _ in of.params),
    "dead ReLUs": first_silent_layer_has_weights,
    "double gain": lambda of: of.act is relu and near(of.scale, 2),
    "forgotten root": lambda of: near(of.std, 2 / of.fan_in[1:-1]),
    "He on tanh at depth": lambda of: (
        of.act is tanh and len(of.params) > 20 and near(of.scale, np.sqrt(2))
    ),
    "output bias": lambda of: of.biases[-1] > 0.5 and of.biases[:-1].max() < 0.1,
    "saturated units": lambda of: (
        of.act is tanh and initlib.saturation(of.trace.z[:-1], tanh).mean() > 0.5
    ),
    "torch default": lambda of: (
        near(of.scale, 1 / np.sqrt(3)) and near(of.reach, of.fan_in[1:-1] ** -0.5)
    ),
    "transposed weights": lambda of: (
        of.came_trained and reads(of, of.params) < 0.5 < reads(of, turned(of.params))
    ),
    "unscaled inputs": lambda of: np.sqrt(np.mean(of.x**2)) > 10,
    "wrong fan": lambda of: (
        near(of.std, of.std.mean(), 0.05) and np.ptp(of.fan_in[1:-1]) > 10
    ),
    "Xavier on ReLU": lambda of: (
        of.act is relu and near(of.std, np.sqrt(2 / (of.fan_in + of.fan_out))[1:-1])
    ),
    "zero layer": lambda of: bool((of.std == 0).any()),
}

ALL = "    return [({}) for W, b in params]"
OTHER_CURES = {
    "a orthogonal": (
        "    drawn = initlib.orthogonal((48, 48), rng, gain=2**0.5)\n"
        "    return [(drawn, b) if not W.any() else (W, b) for W, b in params]"
    ),
    "a uniform": (
        "    draw = initlib.he_uniform\n"
        "    params[4] = draw((48, 48), rng), params[4][1]\n"
        "    return params"
    ),
    "b log frequencies": (
        "    W, b = params[-1]\n"
        "    return [*params[:-1], (W, np.log(np.bincount(y) / len(y)))]"
    ),
    "c uniform": ALL.format("initlib.he_uniform(W.shape, rng), b"),
    "c orthogonal": ALL.format("initlib.orthogonal(W.shape, rng, gain=2**0.5), b"),
    "d scaled": ALL.format("W * 6**0.5, b"),
    "d scaled, no biases": ALL.format("W * 6**0.5, 0 * b"),
    "d orthogonal": ALL.format("initlib.orthogonal(W.shape, rng, gain=2**0.5), 0 * b"),
    "e small positive": ALL.format("W, np.full_like(b, 0.01)"),
    "e clipped": ALL.format("W, np.maximum(b, 0)"),
    "f scaled": ALL.format("W * (10 / len(W)) ** 0.5, b"),
    "f uniform": ALL.format("initlib.he_uniform(W.shape, rng), b"),
    "g Xavier": ALL.format("initlib.xavier_normal(W.shape, rng), b"),
    "g orthogonal": ALL.format("initlib.orthogonal(W.shape, rng), b"),
    "g measured": ALL.format("W / (len(W) ** 0.5 * W.std()), b"),
    "h by number": (
        "    (W1, b1), (W2, b2) = params[1:3]\n"
        "    return [params[0], (W1.T, b1), (W2.T, b2), params[3]]"
    ),
}


class TestCures:
    @pytest.mark.parametrize("name", OTHER_CURES)
    def test_other_right_cures_pass(self, name):
        letter = name[0]
        source = f"def cure_{letter}(params, rng):\n{OTHER_CURES[name]}"
        tests = {f"test-cure-{letter}"}
        assert failures("a3", {f"cure-{letter}": source}, tests) == {}

    @pytest.mark.parametrize(
        ("name", "draw"),
        [
            ("C", initlib.he_normal),
            ("D", initlib.he_uniform),
            ("F", initlib.he_normal),
            pytest.param("G", initlib.lecun_normal, marks=pytest.mark.turns(2, 0)),
            pytest.param("G", initlib.xavier_uniform, marks=pytest.mark.turns(2, 1)),
        ],
    )
    def test_limits_of_the_public_check_are_far_from_healthy_draws(self, name, draw):
        """Sizes at the end of a network are log-normal; see chapter 6."""
        names, rng = answers("a3"), np.random.default_rng(0)

        def ends(stream):
            params = initlib.init_mlp(clinic.SIZES[name], draw, stream)
            assert names["complaints"](name, params) == []
            _, trace = names["run"](params, names["acts"][name])
            z, dz = names["rms"](trace.z), names["rms"](trace.dz)
            return np.log([z[-1] / z[0], dz[0] / dz[-2]])

        logs = initlib.replicate(ends, rng, 120)
        room = np.log([names["GROW"]] * 2) - logs.mean(axis=0)
        assert (room > 5.2 * logs.std(axis=0)).all()
        room = logs.mean(axis=0) - np.log(names["SHRINK"])
        assert (room > 5.2 * logs.std(axis=0)).all()
