"""What a user says about a window that slides over an input, in PyTorch's words: checked, and put in order for kernels.

These functions see shapes and dtypes alone, and remember what they found: arguments are checked in full, and a training
step, whose calls are like earlier ones, does not pay for it.
"""
