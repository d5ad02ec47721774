"""Measure how libraries start their layers, and hold it against theory."""
