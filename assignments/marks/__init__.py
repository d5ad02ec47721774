"""Keep marks, add them up, and write out what students and teachers get."""
