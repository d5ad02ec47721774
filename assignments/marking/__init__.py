"""The marking page: a person marks answers in the browser, by keyboard, offline."""
