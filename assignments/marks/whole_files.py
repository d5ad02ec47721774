"""Write files so that nobody ever finds half of one."""

import os
from pathlib import Path


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> None:
    """Write a file so that a crash leaves the old one or the new one, never half."""
    stored = content if isinstance(content, bytes) else content.encode(encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with half.open("wb") as stream:
        stream.write(stored)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
