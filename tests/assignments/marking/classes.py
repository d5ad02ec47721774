"""A class whose answers wait for a marker."""

import base64
import contextlib
import io
import threading
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from assignments.grade.tests import Mark
from assignments.hand_in.answers import Answer, Item
from assignments.marking.desk import Desk
from assignments.marking.server import Server
from assignments.marks import marker_sheets
from assignments.marks.student_records import Record
from assignments.marks.totals import add_up
from assignments.masters import Master

NAMES = ("Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon")
EVIL = r"""<script>document.title = "taken"</script>
<img src=x onerror="document.title = 'taken'"> <svg onload="document.title = 'taken'">
[click](javascript:document.title='taken') ![seen](http://192.0.2.1/seen.png)
<http://192.0.2.1/> <iframe src="http://192.0.2.1/"></iframe>
<style>body { display: none }</style> <form action="http://192.0.2.1/"><button>
<meta http-equiv="refresh" content="0;url=http://192.0.2.1/">

$\href{javascript:document.title='taken'}{x}$ $\htmlClass{fault}{x}$
$\includegraphics{http://192.0.2.1/seen.png}$ $\htmlStyle{position: fixed}{x}$
$\url{http://192.0.2.1/}$ $\htmlId{points}{x}$ $\rule{9999em}{9999em}$
$\def\a{\a\a}\a$ $\frac{1$ $x^{<b>}$

```js"><script>document.title = "taken"</script>
x
```

[1]: javascript:alert(1)

[1] | <b>
"""
GOOD = r"""**Because** $x + x = 2x$, as

$$
\sum_{i=1}^{2} x = 2 \cdot x, \qquad \frac{2x}{x} = 2.
$$

1. First, for costs of $5 and $6.
2. Then `x + x`.

| x | 2x |
|---|----|
| 1 | 2  |
"""


def picture() -> str:
    """Return a picture as an answer holds it."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 200), "steelblue").save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def record(name: str, text: str = GOOD) -> Record:
    """Return a graded student with two answers."""
    plot = (Item("code", "ax.plot(x)"), Item("picture", picture()))
    answers = {"why": Answer((Item("text", text),)), "plot": Answer(plot)}
    marks = {"test-double": Mark(3, 3), "test-level": Mark(0, 1, "level is 3")}
    id = str(ord(name[0]))
    return Record(id, f"{name} Doe", "canvas", "0", "x.ipynb", marks, answers)


def write(master: Master, out: Path, texts: dict[str, str]) -> Path:
    """Write what the grader does; return the folder of the assignment."""
    own = out / master.name
    records = [record(name, text) for name, text in texts.items()]
    for one in records:
        one.save(own / "records")
    totals = [add_up(one, {}) for one in records]
    for question in master.manual:
        marker_sheets.write_sheet(question, totals, own / "manual")
    return own


def ten(master: Master, out: Path) -> Path:
    """Write a class of ten, one of whom is up to something."""
    texts = {name: f"{GOOD}\nSays {name.upper()[::-1]}." for name in NAMES}
    return write(master, out, texts | {"Eve": EVIL})


@contextlib.contextmanager
def shown(master: Master, own: Path, anonymous: bool = False) -> Iterator[Server]:
    """Serve the marking page of a class."""
    with Server(Desk(master, own, anonymous)) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
