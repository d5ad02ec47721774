"""What Gradescope gets."""

import json

from assignments.marks import gradescope
from tests.assignments.marks.students import total


def test_gradescope_gets_its_format(tmp_path, master):
    one = total(None, notes=["A note."])
    gradescope.write_gradescope(master, one, tmp_path)
    [path] = tmp_path.glob("*/results.json")
    results = json.loads(path.read_text(encoding="utf-8"))
    assert results["score"] == 4
    assert results["output"] == "A note."
    assert results["stdout_visibility"] == "hidden"
    assert results["tests"][0] == {
        "name": "Twice (test-double)",
        "score": 3,
        "max_score": 3,
        "status": "passed",
        "output": "",
        "output_format": "text",
        "visibility": "visible",
    }
    assert [test["output"] for test in results["tests"][2:]] == [
        "Not marked yet.",
        "Not answered.",
    ]
    assert sum(test["max_score"] for test in results["tests"]) == master.points()
