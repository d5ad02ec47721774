"""All that enters the sandbox of a student: the worker, and how it is spoken to."""
