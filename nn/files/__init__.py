"""The two formats that weights are kept in: `safetensors.py`, and `npz.py` where nothing but NumPy is installed.

Both have `content(arrays, notes)`, the bytes of a file, and `read(path)`, which looks at what a file says of itself
before it reads the rest: what a file may make us allocate is bounded by its size. `contents.py` names the kinds of
files that are taken for weights, and `limits.py` holds what is refused.
"""
