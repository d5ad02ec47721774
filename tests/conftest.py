"""One independent random stream for each test; INITLIB_SEED moves them all."""

import os
import zlib

import numpy as np
import pytest


@pytest.fixture
def rng(request) -> np.random.Generator:
    seed = int(os.environ.get("INITLIB_SEED", "0"))
    return np.random.default_rng([seed, zlib.crc32(request.node.nodeid.encode())])
