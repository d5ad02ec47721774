"""The system calls that a student's process does not get, as a seccomp filter.

Namespaces and limits do not cover everything: a VM socket reaches the host from any
network namespace, a memory file escapes the limit on memory, a new user namespace may
mount file systems without a size, a key ring outlives the process.  Nothing of it is
needed for an assignment, so the kernel is told to refuse it.
"""

import errno
import struct

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
CLONE = (56, 220)  # the number on x86_64, and on aarch64
MMAP = (9, 222)
FCNTL = (72, 25)
CLONE_NEWUSER = 0x10000000
SHARED, ANONYMOUS = 0x01, 0x20  # flags of mmap
SET_LOCKS = (6, 7, 37, 38)  # commands of fcntl
REFUSED = {
    # namespaces and mounts; glibc falls back to clone, whose flags can be read
    "unshare": (272, 97),
    "setns": (308, 268),
    "clone3": (435, 435),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    # memory that no limit counts, such as what waits in a socket
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "inotify_init": (253, 26),
    "inotify_init1": (294, 26),
    "landlock_create_ruleset": (444, 444),
    # what stays behind, or reaches into another process
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    # large parts of the kernel that have been broken before
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265),
}

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
X32 = 0x40000000


def program(machine: str) -> bytes:
    """Return the filter for one of `ARCHITECTURES`, as bubblewrap reads it."""
    audit, column = ARCHITECTURES[machine]
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        *unless(EQUAL, audit, KILL),
        (LOAD, 0, 0, NUMBER),
        *when(AT_LEAST, X32, ERROR | errno.ENOSYS),
    ]
    for numbers in REFUSED.values():
        lines += when(EQUAL, numbers[column], ERROR | errno.ENOSYS)
    eperm = ERROR | errno.EPERM
    lines += of_call(CLONE[column], 0, when(ANY_BIT, CLONE_NEWUSER, eperm))
    locks = [line for command in SET_LOCKS for line in when(EQUAL, command, eperm)]
    lines += of_call(FCNTL[column], 1, locks)
    both = [(ANY_BIT, 0, 2, SHARED), *when(ANY_BIT, ANONYMOUS, eperm)]
    lines += of_call(MMAP[column], 3, both)
    lines.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def of_call(number: int, argument: int, tests: list) -> list:
    """Return the lines that try the low half of an argument of one system call."""
    load = (LOAD, 0, 0, ARGUMENTS + 8 * argument)
    return [(EQUAL, 0, len(tests) + 2, number), load, *tests, (LOAD, 0, 0, NUMBER)]


def when(test: int, value: int, result: int) -> list[tuple[int, int, int, int]]:
    """Return the lines that end with a result where the test holds."""
    return [(test, 0, 1, value), (RETURN, 0, 0, result)]


def unless(test: int, value: int, result: int) -> list[tuple[int, int, int, int]]:
    """Return the lines that end with a result where the test fails."""
    return [(test, 1, 0, value), (RETURN, 0, 0, result)]
