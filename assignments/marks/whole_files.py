"""Write files so that nobody ever finds half of one."""

import os
from pathlib import Path


def write(path: Path, content: str, encoding: str = "utf-8") -> None:
    """Write a file so that a crash leaves the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with half.open("w", encoding=encoding, newline="") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
