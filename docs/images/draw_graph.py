"""Draws graph.svg: the loss of a small network with one hidden layer, as the README shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import tapegrad as tg
from tapegrad.autograd.drawing import draw

rng = np.random.default_rng(0)
x = tg.tensor(rng.normal(size=(64, 2)))
y = np.sign(rng.normal(size=(64, 1)))
w1 = tg.tensor(rng.normal(size=(2, 16)), requires_grad=True)
b1 = tg.tensor(np.zeros(16), requires_grad=True)
w2 = tg.tensor(rng.normal(size=(16, 1)), requires_grad=True)

h = np.tanh(x @ w1 + b1)
error = h @ w2 - y
loss = (error**2).mean()

draw(loss, names=locals(), direction="LR").save(Path(__file__).with_name("graph.svg"))
