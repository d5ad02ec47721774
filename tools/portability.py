"""Compare every stored output with what other processors compute.

    python -m tools.portability

OpenBLAS and NumPy choose their routines by the processor they find; here they are
told to take those of older and newer ones, with one thread and with two.  Texts must
be equal, pictures and live figures within the tolerances of `tools.compare`.
"""

import os
import subprocess
import sys

from tools.paths import NOTEBOOKS

WORKERS = 2
CORETYPES = ("Nehalem", "Haswell", "SkylakeX")
MACHINES = [
    {"OPENBLAS_CORETYPE": core, "OPENBLAS_NUM_THREADS": threads}
    for core in CORETYPES
    for threads in "12"
]
MACHINES.append({"NPY_DISABLE_CPU_FEATURES": "AVX512_ICL X86_V4 X86_V3"})
ARCHITECTURE = """
import numpy, threadpoolctl
print(*(pool["architecture"] for pool in threadpoolctl.threadpool_info()))
"""


def is_supported(machine: dict[str, str], environment: dict[str, str]) -> bool:
    """Return whether OpenBLAS takes the routines asked for."""
    found = subprocess.check_output(
        [sys.executable, "-c", ARCHITECTURE], env=environment, text=True
    )
    return machine.get("OPENBLAS_CORETYPE", found) in found


def agrees(machine: dict[str, str]) -> bool:
    """Run nbval as on another machine; return whether it passes or cannot be run."""
    name = " ".join(f"{key}={value!r}" for key, value in machine.items())
    environment = os.environ | machine
    if not is_supported(machine, environment):
        print(f"{name}: skipped, this processor lacks what it needs", flush=True)
        return True
    print(f"{name}:", flush=True)
    workers = WORKERS // int(machine.get("OPENBLAS_NUM_THREADS", "1"))
    options = ["-n", str(workers), "--dist", "loadscope", "--quiet"]
    command = [sys.executable, "-m", "pytest", *options, *map(str, NOTEBOOKS)]
    return subprocess.run(command, check=False, env=environment).returncode == 0


if __name__ == "__main__":
    results = [agrees(machine) for machine in MACHINES]
    sys.exit(not all(results))
