"""Grade one submission, from outside of the sandbox that its code runs in."""
