"""Benchmarks: `python -m benchmarks [names]`, or `make bench`.

Each starts real processes on the loopback, measures Fieldpost beside something plain in the same
run, prints a table and removes what it made. Machines differ and are shared: the ratios count.
Nothing of the platform imports from here.
"""
