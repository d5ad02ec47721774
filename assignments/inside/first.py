"""Be the first process of a sandbox, and start the worker as the second.

Where the superuser grades, bubblewrap is the first, and the others are of a user who
cannot reach it.  Where a normal user does, all processes inside are of one user, so the
first is this one: it has the limits of the others, and its memory is closed to them.
"""

import ctypes
import os
import signal
import sys

PR_SET_DUMPABLE = 4


def main():
    """Fork the worker if this is process 1, or become it."""
    if os.getpid() == 1:
        let_be_read(False)
        if worker := os.fork():
            wait_for(worker)
        let_be_read(True)
    from assignments.inside.worker import main

    main()


def let_be_read(yes):
    """Let other processes of the same user read and write this one's memory, or not."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(yes), 0, 0, 0)


def wait_for(worker):
    """Wait for whatever ends, until the worker has; with this process, all others end.

    The kernel keeps signals from the first process that it does not handle.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.close(int(sys.argv[1]))  # the worker's alone
    while os.waitpid(-1, 0)[0] != worker:
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
