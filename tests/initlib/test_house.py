"""The house's own rules: who imports whom, what is public, and how it is told."""

import ast
import doctest
import inspect
import io
import re
from pathlib import Path

import numpy as np
import pytest

import initlib

ROOT = Path(initlib.__file__).parent
ROOMS = {
    "_checks": set(),
    "_packing": set(),
    "activations": set(),
    "initializers": set(),
    "data": set(),
    "claims": set(),
    "plotting": set(),
    "mlp": {"activations", "initializers"},
    "residual": {"activations", "mlp"},
    "attention": {"activations", "initializers", "mlp", "residual"},
    "meanfield": {"activations"},
    "propagation": {"activations", "initializers", "mlp"},
    "training": {"activations", "mlp"},
    "report": {"activations", "meanfield", "mlp", "propagation"},
    "widgets": {"_packing", "data", "plotting"},
}
PUBLIC = [getattr(initlib, name) for name in initlib.__all__]
FUNCTIONS = [f for f in PUBLIC if inspect.isfunction(f)]


def arrows(source: str) -> set[str]:
    """Return the rooms of initlib that a module's source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["initlib." * node.level + (node.module or "")]
            if names[0].rstrip(".") == "initlib":
                names = [f"initlib.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {n.split(".")[1] for n in names if n.startswith("initlib.")}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downward(room):
    files = [ROOT / f"{room}.py", *(ROOT / room).glob("*.py")]
    sources = [file.read_text() for file in files if file.exists()]
    assert sources, f"{room} is in the floor plan but not in initlib"
    for source in sources:
        assert arrows(source) - {room} <= ROOMS[room] | {"_checks"}


def test_floor_plan_is_complete():
    rooms = {p.stem for p in ROOT.glob("*.py")} | {
        p.parent.name for p in ROOT.glob("*/__init__.py")
    }
    assert rooms - {"__init__"} == set(ROOMS)


def too_high(listed: list[str]) -> list[str]:
    """Return the rooms that stand above one of those that they import from."""
    return [
        room
        for i, room in enumerate(listed)
        if not ROOMS[room] - {"_packing"} <= set(listed[:i])
    ]


def test_api_page_lists_rooms_below_those_that_they_import_from():
    page = (ROOT.parent / "book/appendix/api.md").read_text(encoding="utf-8")
    listed = re.findall(r"automodule:: initlib\.(\w+)", page)
    assert set(listed) == {room for room in ROOMS if not room.startswith("_")}
    assert too_high(listed) == []
    assert too_high(["mlp", *listed]) == ["mlp"]


def test_another_arrow_is_noticed():
    assert arrows("from initlib.training import fit") == {"training"}
    assert arrows("import initlib.mlp as m") == {"mlp"}
    assert arrows("from initlib import plotting") == {"plotting"}
    assert arrows("from . import claims") == {"claims"}


def test_contract_names_are_public():
    contract = (
        "compute_fans variance_scaling zeros constant normal uniform lecun_normal "
        "lecun_uniform xavier_normal xavier_uniform he_normal he_uniform orthogonal "
        "TRUNCATED_STD Activation linear sigmoid tanh relu gelu silu elu selu softsign "
        "softplus sin leaky_relu init_mlp forward backward propagate second_moment "
        "spread correlation saturation dead_fraction growth jacobian_singular_values "
        "replicate gaussian_mean gain q_map chi c_map fixed_point critical_weight_var "
        "softmax_cross_entropy mean_squared_error fit lsuv claim Params Trace "
        "rms forecast Forecast torch_linear report Report Finding load_params "
        "residual normalize normalize_back"
    )
    assert set(contract.split()) <= set(initlib.__all__)


DEFAULTS = """
attend: heads 1
attention_weights: heads 1
backward_transformer: heads 1
born_dead: count 400, batch 100
compute_fans: in_axis -2, out_axis -1
digits: test_fraction 0.25
fit: weight_decay 0.0, optimizer sgd
fixed_point: tol 1e-12, max_iter 100000
forecast: bias_var 0.0, first 1.0, c 0.0
forward_transformer: heads 1
gaussian_mean: q 1.0
init_mlp: bias_std 0.0
jacobian_singular_values: sample 0
leaky_relu: slope 0.01
lsuv: tol 0.02
normalize: norm layer, eps 1e-05
normalize_back: norm layer, eps 1e-05
orthogonal: gain 1.0
propagate: batch 256, bias_std 0.0
q_map: bias_var 0.0
replicate: n 16
residual: branch 1, norm none, place pre, scale 1.0, eps 1e-05
saturation: tol 0.01
spirals: n 300, classes 3, turns 0.75, noise 0.05
variance_scaling: scale 1.0, mode fan_in, distribution normal
"""


def defaults_of(functions: list) -> str:
    """List the numbers and words that stand for what a caller leaves out."""
    lines = ["", ""]
    for function in sorted(functions, key=lambda f: f.__name__):
        parameters = inspect.signature(function).parameters.values()
        told = [
            f"{p.name} {p.default}"
            for p in parameters
            if isinstance(p.default, (int, float, str))
        ]
        if told:
            lines.insert(-1, f"{function.__name__}: {', '.join(told)}")
    return "\n".join(lines)


def test_defaults_are_part_of_the_contract():
    assert defaults_of(FUNCTIONS) == DEFAULTS
    assert defaults_of([lambda slope=0.02: slope]) == "\n<lambda>: slope 0.02\n"


EACH = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)


@EACH
def test_docstring_is_complete(function):
    doc = inspect.getdoc(function)
    assert doc, "no docstring"
    assert doc.splitlines()[0].endswith((".", "].")), "first line: one sentence"
    if "see there for" in " ".join(doc.split()):
        return
    for section in ("Parameters", "Returns"):
        assert f"\n{section}\n---" in doc, f"no section {section}"
    for name in inspect.signature(function).parameters:
        assert name in doc.split("Parameters\n", 1)[1], f"{name} is not described"
    assert "as above" not in doc, "that arguments are checked goes without saying"


def run_example(name: str, doc: str) -> tuple[int, str]:
    """Return the number of lines tried and what went wrong, with all names at hand."""
    names = {**{n: getattr(initlib, n) for n in initlib.__all__}, "np": np}
    test = doctest.DocTestParser().get_doctest(doc, names, name, None, 0)
    said = io.StringIO()
    done = doctest.DocTestRunner(verbose=False).run(test, out=said.write)
    return done.attempted, said.getvalue()


@EACH
def test_example_is_true(function):
    attempted, wrong = run_example(function.__name__, inspect.getdoc(function))
    assert attempted > 0, "no example"
    assert not wrong, wrong


def test_a_false_example_is_noticed():
    doc = inspect.getdoc(initlib.growth)
    assert "\n2.0" in doc
    assert run_example("growth", doc.replace("\n2.0", "\n2.1"))[1]


LINES = 20


def long_functions(source: str) -> list[str]:
    """Name each function, private or not, whose body is longer than LINES."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and body[-1].end_lineno - body[0].lineno >= LINES:
                found.append(node.name)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_function_fits_on_a_screen(room):
    for file in [ROOT / f"{room}.py", *(ROOT / room).glob("*.py")]:
        assert not file.exists() or long_functions(file.read_text()) == []


def test_a_long_method_is_noticed():
    body = "\n".join(["    x = 0"] * LINES)
    assert long_functions(f"def f():\n    'Told.'\n{body}") == []
    method = f"def _f():\n    'Told.'\n{body}\n    x = 0"
    indented = "\n".join("    " + line for line in method.splitlines())
    assert long_functions(f"class C:\n{indented}") == ["_f"]
