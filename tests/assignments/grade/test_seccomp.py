"""The filter of system calls is a program that the kernel takes."""

import struct

from assignments.grade import seccomp


def test_the_filter_is_made_of_whole_lines_and_ends_with_allow():
    for machine in seccomp.ARCHITECTURES:
        program = seccomp.program(machine)
        lines = list(struct.iter_unpack("=HBBI", program))
        assert lines[-1] == (seccomp.RETURN, 0, 0, seccomp.ALLOW)
        assert len(lines) > 2 * len(seccomp.REFUSED)
        for number, (code, yes, no, _) in enumerate(lines):
            assert code == seccomp.RETURN or number + 1 + max(yes, no) < len(lines)
