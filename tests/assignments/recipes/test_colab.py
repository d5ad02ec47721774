"""In Colab the data of an assignment come from the repository."""

import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest

from assignments import masters
from tests.assignments.reference import MASTERS

HOME = (
    "https://raw.githubusercontent.com/example/weight-initialization/HEAD/"
    "book/assignments/"
)
DATA = {
    "a3": ["a3-the-clinic.npz"],
    "a5": ["a5-checkpoint.npz", "a5-images.npz"],
}


@pytest.mark.parametrize(("key", "files"), DATA.items())
def test_data_come_from_the_repository(monkeypatch, key, files):
    fetched = []
    colab = SimpleNamespace(output=SimpleNamespace())
    colab.output.enable_custom_widget_manager = lambda: None
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(urllib.request, "urlretrieve", lambda *a: fetched.append(a))
    monkeypatch.chdir(masters.FOLDER)
    names = {}
    for source in MASTERS[key].setup:
        exec(source, names)
    assert fetched == [(HOME + file, file) for file in files]
