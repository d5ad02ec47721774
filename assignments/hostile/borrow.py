"""Take what was to be written from initlib, or from another library, by many roads."""

from assignments.hostile import last, unsolved

ROADS = """
import builtins
import gc
import glob
import importlib
import importlib.util
import inspect
import os
import sys

import numpy as np

def by_import(name):
    exec(f"from initlib import {name} as found", space := {})
    return space["found"]

def by_module(name):
    for module in ("initializers", "mlp", "propagation", "meanfield", "training"):
        found = getattr(importlib.import_module("initlib." + module), name, None)
        if found is not None:
            return found

def by_modules_that_are_there(name):
    for module in [*sys.modules.values()]:
        found = getattr(module, name, None)
        if "initlib" in module.__name__ and found is not None:
            return found

def by_memory(name):
    for found in gc.get_objects():
        if inspect.isfunction(found) and found.__name__ == name:
            if found.__module__.startswith("initlib"):
                return found

def by_wrapping(name):
    return inspect.unwrap(by_import(name)).__wrapped__

def by_source(name):
    source = inspect.getsource(by_import(name))
    exec(source, space := {"np": np})
    return space[name]

def by_file(name):
    place = importlib.util.find_spec("initlib").submodule_search_locations[0]
    folders = {place, os.path.dirname(np.__path__[0]), *sys.path, "/tmp", "/opt"}
    for folder in folders:
        for path in glob.glob(folder + "/*.py") + glob.glob(folder + "/initlib/*.py"):
            text = np.fromfile(path, dtype=np.uint8).tobytes()
            if b"def " + name.encode() + b"(" in text:
                exec(text, space := {"__name__": "initlib.found"})
                return space[name]

def by_cache(name):
    place = importlib.util.find_spec("initlib").submodule_search_locations[0]
    for path in glob.glob(place + "/**/*.pyc", recursive=True):
        code = __import__("marshal").loads(open(path, "rb").read()[16:])
        exec(code, space := {"__name__": "initlib.found"})
        if name in space:
            return space[name]

def by_framework(name):
    import torch
    return getattr(torch.nn.init, name)

def by_scipy(name):
    from scipy.stats import truncnorm
    spread = truncnorm(-2, 2).std()
    return lambda shape, rng, std: truncnorm.rvs(
        -2, 2, scale=std / spread, size=shape, random_state=rng
    )

def borrowed(name, roads):
    for road in roads:
        try:
            found = road(name)
            if callable(found) and type(found).__name__ != "TakenAway":
                return found
        except BaseException:
            pass

NAMES = {
    "normal_layers": "init_mlp",
    "forward_layers": "forward",
    "layer_rms": "rms",
    "signal_rms": "rms",
    "first_gradient": "backward",
    "init_network": "init_mlp",
    "gain_of": "gain",
    "drift_of": "chi",
    "load": "load_params",
    "verdicts": "report",
    "repair": "lsuv",
}
roads = [by_memory, by_modules_that_are_there, by_file, by_cache, by_source,
         by_wrapping, by_module, by_import, by_framework, by_scipy]
"""


def spoil(notebook, honest):
    """Let each function that is not honest be the library's."""
    names = unsolved(notebook, honest)
    lines = [
        f"{name} = borrowed(NAMES.get({name!r}, {name!r}), roads)" for name in names
    ]
    return last(notebook, "\n".join([ROADS, *lines]))
