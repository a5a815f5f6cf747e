"""Numba kernels: flat arrays in, flat arrays out. All are compiled lazily, cached on disk and release the GIL."""
