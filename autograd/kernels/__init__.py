"""Kernels: arrays in, arrays out; they know no Tensor, and all Numba is here."""
