"""The course's assignments, and the tool that releases, checks and grades them."""
