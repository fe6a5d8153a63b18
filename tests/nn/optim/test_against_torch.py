"""Every optimizer and every schedule beside PyTorch's: 100 steps in float64, with all options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.nn import optim
from tapegrad.nn.optim import lr_scheduler

some = settings(max_examples=12)
RATES = st.sampled_from((1e-3, 0.05))
DECAYS = st.sampled_from((0.0, 0.1))
YES_OR_NO = st.booleans()
BETAS = st.sampled_from(((0.9, 0.999), (0.5, 0.7)))
OPTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "SGD": {
        "lr": RATES, "momentum": st.sampled_from((0.0, 0.9)), "dampening": st.sampled_from((0.0, 0.3)),
        "weight_decay": DECAYS, "nesterov": YES_OR_NO, "maximize": YES_OR_NO,
    },
    "Adam": {
        "lr": RATES, "betas": BETAS, "eps": st.sampled_from((1e-8, 1e-3)), "weight_decay": DECAYS, "amsgrad": YES_OR_NO,
        "maximize": YES_OR_NO, "decoupled_weight_decay": YES_OR_NO,
    },
    "AdamW": {"lr": RATES, "betas": BETAS, "weight_decay": DECAYS, "amsgrad": YES_OR_NO, "maximize": YES_OR_NO},
    "RMSprop": {
        "lr": RATES, "alpha": st.sampled_from((0.99, 0.5)), "eps": st.sampled_from((1e-8, 1e-3)),
        "weight_decay": DECAYS, "momentum": st.sampled_from((0.0, 0.9)), "centered": YES_OR_NO, "maximize": YES_OR_NO,
    },
    "Adagrad": {
        "lr": RATES, "lr_decay": st.sampled_from((0.0, 0.1)), "weight_decay": DECAYS,
        "initial_accumulator_value": st.sampled_from((0.0, 0.5)), "eps": st.sampled_from((1e-10, 1e-3)),
        "maximize": YES_OR_NO,
    },
    "Adadelta": {
        "lr": st.sampled_from((1.0, 0.1)), "rho": st.sampled_from((0.9, 0.5)), "weight_decay": DECAYS,
        "maximize": YES_OR_NO,
    },
}  # fmt: skip


def pair(dtype: Any = np.float64, seed: int = 0) -> tuple[list[Any], list[Any], Any]:
    """Parameters of ours and of PyTorch's with the same values, and the targets that a loss pulls them to."""
    rng = np.random.default_rng(seed)
    values = [rng.normal(size=shape).astype(dtype) for shape in ((3, 2), (4,), ())]
    targets = [rng.normal(size=v.shape).astype(dtype) for v in values]
    ours = [nn.Parameter(v, dtype=dtype) for v in values]
    theirs = [torch.nn.Parameter(torch.tensor(v)) for v in values]
    return ours, theirs, targets


def our_loss(ours: list[Any], targets: list[Any]) -> Any:
    loss: Any = 0.0
    for p, t in zip(ours, targets, strict=True):
        d = p - t
        loss = loss + ((1 + (d * d.conj()).real) ** 0.5).sum()
    return loss


def their_loss(theirs: list[Any], targets: list[Any]) -> Any:
    loss: Any = 0.0
    for p, t in zip(theirs, targets, strict=True):
        d = p - torch.tensor(t)
        loss = loss + ((1 + (d * d.conj()).real) ** 0.5).sum()
    return loss


def step_both(one: Any, other: Any, ours: list[Any], theirs: list[Any], targets: list[Any]) -> None:
    one.zero_grad()
    other.zero_grad()
    our_loss(ours, targets).backward()
    their_loss(theirs, targets).backward()
    for p, q in zip(ours, theirs, strict=True):  # the same gradients: what differs is the optimizer's
        q.grad = torch.tensor(p.grad.numpy().copy())
    one.step()
    other.step()


def assert_close(ours: list[Any], theirs: list[Any], tolerance: float = 1e-9) -> None:
    for p, q in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(p.numpy(), q.detach().numpy(), tolerance, tolerance)


@pytest.mark.parametrize("name", OPTIONS)
@given(data=st.data(), complex=st.booleans(), seed=st.integers(0, 99))
@some
def test_hundred_steps(name: str, data: st.DataObject, complex: bool, seed: int) -> None:
    options = data.draw(st.fixed_dictionaries({}, optional=OPTIONS[name]))
    if options.get("nesterov") and (options.get("momentum", 0) == 0 or options.get("dampening", 0)):
        del options["nesterov"]
    if options.get("maximize"):
        options["lr"] = 1e-4
    ours, theirs, targets = pair(np.complex128 if complex else np.float64, seed)
    one, other = getattr(optim, name)(ours, **options), getattr(torch.optim, name)(theirs, **options)
    for _ in range(100):
        step_both(one, other, ours, theirs, targets)
    assert_close(ours, theirs)


def test_a_first_gradient_of_zero_is_a_first_gradient() -> None:
    """What comes after it is dampened, in both."""
    p, q = nn.Parameter([1.0], dtype=np.float64), torch.nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
    one, other = optim.SGD([p], 0.1, 0.9, 0.5), torch.optim.SGD([q], 0.1, 0.9, 0.5)
    for g in (0.0, 1.0, 2.0):
        p.grad, q.grad = tensor([g]), torch.tensor([g], dtype=torch.float64)
        one.step()
        other.step()
    assert_close([p], [q])


def test_groups_with_options_of_their_own() -> None:
    ours, theirs, targets = pair()
    groups: list[list[dict[str, Any]]] = [
        [{"params": params[:1], "lr": 0.01, "momentum": 0.5}, {"params": params[1:]}] for params in (ours, theirs)
    ]
    one, other = optim.SGD(groups[0], lr=0.002), torch.optim.SGD(groups[1], lr=0.002)
    for _ in range(50):
        step_both(one, other, ours, theirs, targets)
    assert_close(ours, theirs)


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "Adadelta"])
def test_states_move_from_pytorch(name: str) -> None:
    ours, theirs, targets = pair()
    options = {"SGD": {"momentum": 0.9, "dampening": 0.5}, "RMSprop": {"momentum": 0.9}}.get(name, {})
    one, other = getattr(optim, name)(ours, 0.01, **options), getattr(torch.optim, name)(theirs, 0.01, **options)
    for _ in range(5):
        other.zero_grad()
        their_loss(theirs, targets).backward()
        other.step()
    for p, q in zip(ours, theirs, strict=True):
        p.data = q.detach().numpy()
    state = other.state_dict()
    state["state"] = {
        i: {key: value.numpy().copy() for key, value in part.items() if isinstance(value, torch.Tensor)}
        for i, part in state["state"].items()
    }
    one.load_state_dict(state)
    for _ in range(20):
        step_both(one, other, ours, theirs, targets)
    assert_close(ours, theirs)


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
@pytest.mark.parametrize("history", [3, 100])
def test_lbfgs(search: str | None, history: int) -> None:
    ours, theirs, targets = pair()
    options: dict[str, Any] = {"lr": 0.5, "max_iter": 7, "history_size": history, "line_search_fn": search}
    one, other = optim.LBFGS(ours, **options), torch.optim.LBFGS(theirs, **options)

    def ours_again() -> Any:
        one.zero_grad()
        loss = our_loss(ours, targets)
        loss.backward()
        return loss

    def theirs_again() -> Any:
        other.zero_grad()
        loss = their_loss(theirs, targets)
        loss.backward()
        return loss

    for _ in range(4):
        first, expected = one.step(ours_again), other.step(theirs_again)  # type: ignore[no-untyped-call]
        assert first.item() == pytest.approx(expected.item(), rel=1e-9)
        assert_close(ours, theirs)


def test_lbfgs_solves_rosenbrocks_valley() -> None:
    p = nn.Parameter([-1.2, 1.0], dtype=np.float64)
    optimizer = optim.LBFGS([p], max_iter=100, line_search_fn="strong_wolfe")

    def valley() -> Any:
        optimizer.zero_grad()
        loss = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(valley)
    np.testing.assert_allclose(p.numpy(), [1, 1], 1e-4)  # it ends where the loss changes by less than 1e-9


@given(st.sampled_from(((0.9, 0.99), (0.5, 0.7))), DECAYS, st.booleans())
def test_lion(betas: tuple[float, float], weight_decay: float, complex: bool) -> None:
    """PyTorch has none: the paper's algorithm 2, real and imaginary part each for itself."""
    ours, _, targets = pair(np.complex128 if complex else np.float64)
    optimizer = optim.Lion(ours, 0.01, betas, weight_decay)
    values = [p.numpy().copy() for p in ours]
    means = [np.zeros_like(v) for v in values]
    for _ in range(30):
        optimizer.zero_grad()
        our_loss(ours, targets).backward()
        for i, p in enumerate(ours):
            assert p.grad is not None
            g = p.grad.numpy()
            c = betas[0] * means[i] + (1 - betas[0]) * g
            sign = np.sign(c.real) + (1j * np.sign(c.imag) if complex else 0)
            values[i] = values[i] - 0.01 * (sign + weight_decay * values[i])
            means[i] = betas[1] * means[i] + (1 - betas[1]) * g
        optimizer.step()
    for p, value in zip(ours, values, strict=True):
        np.testing.assert_allclose(p.numpy(), value, 1e-10, 1e-12)


@pytest.mark.parametrize("options", [{}, {"nesterov": False}, {"adjust_lr_fn": "match_rms_adamw", "weight_decay": 0.0}])
@pytest.mark.parametrize("shape", [(4, 6), (6, 4)])
def test_muon(options: dict[str, Any], shape: tuple[int, int]) -> None:
    """PyTorch computes the orthogonal matrix in bfloat16: only so near can the two be."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=shape)
    ours, theirs = [nn.Parameter(values, dtype=np.float64)], [torch.nn.Parameter(torch.tensor(values))]
    one, other = optim.Muon(ours, 0.02, **options), torch.optim.Muon(theirs, 0.02, **options)
    step_both(one, other, ours, theirs, [rng.normal(size=shape)])
    np.testing.assert_allclose(ours[0].numpy(), theirs[0].detach().numpy(), atol=2e-3)


def test_muons_matrix_is_nearly_orthogonal() -> None:
    from tapegrad.nn.optim.muon import orthogonalized

    x = np.random.default_rng(0).normal(size=(20, 50))
    singular = np.linalg.svd(orthogonalized(x, (3.4445, -4.775, 2.0315), 5, 1e-7), compute_uv=False)
    assert 0.6 < singular.min() <= singular.max() < 1.3


SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5], "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 3}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.9, "total_iters": 6}),
    ("PolynomialLR", {"total_iters": 7, "power": 2.0}),
    ("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 25}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 25, "anneal_strategy": "linear", "pct_start": 0.5}),
    ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
]


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_schedules(name: str, options: dict[str, Any]) -> None:
    ours, theirs, _ = pair()
    groups: list[list[dict[str, Any]]] = [
        [{"params": params[:1]}, {"params": params[1:], "lr": 0.2}] for params in (ours, theirs)
    ]
    one, other = optim.SGD(groups[0], lr=0.1, momentum=0.9), torch.optim.SGD(groups[1], lr=0.1, momentum=0.9)
    schedule, expected = (
        getattr(lr_scheduler, name)(one, **options),
        getattr(torch.optim.lr_scheduler, name)(other, **options),
    )
    for _ in range(24 if name == "OneCycleLR" else 10 if name == "CosineAnnealingLR" else 30):
        assert schedule.get_last_lr() == pytest.approx(expected.get_last_lr(), rel=1e-9, abs=1e-15)
        momenta = [group["momentum"] for group in one.param_groups], [group["momentum"] for group in other.param_groups]
        assert momenta[0] == pytest.approx(momenta[1], rel=1e-9)
        other.step()
        schedule.step()
        expected.step()


def test_one_schedule_after_the_other() -> None:
    ours, theirs, _ = pair()
    one, other = optim.SGD(ours, 0.1), torch.optim.SGD(theirs, 0.1)
    theirs_of = torch.optim.lr_scheduler
    schedule = lr_scheduler.SequentialLR(
        one, [lr_scheduler.LinearLR(one, 0.1, total_iters=4), lr_scheduler.ExponentialLR(one, 0.9)], [4]
    )
    one.lr, schedule.base_lrs = 0.1, [0.1]
    schedule.load_state_dict({"base_lrs": [0.1], "last_epoch": 0})
    expected = theirs_of.SequentialLR(
        other, [theirs_of.LinearLR(other, 0.1, total_iters=4), theirs_of.ExponentialLR(other, 0.9)], [4]
    )
    for _ in range(12):
        assert schedule.get_last_lr() == pytest.approx(expected.get_last_lr(), rel=1e-9)
        other.step()
        schedule.step()
        expected.step()


@pytest.mark.parametrize(
    "options", [{}, {"mode": "max", "threshold_mode": "abs", "threshold": 0.05}, {"cooldown": 2, "patience": 0}]
)
def test_plateau(options: dict[str, Any]) -> None:
    ours, theirs, _ = pair()
    one, other = optim.SGD(ours, 0.1), torch.optim.SGD(theirs, 0.1)
    options = {"patience": 2, "min_lr": 1e-3, **options}
    schedule, expected = (
        lr_scheduler.ReduceLROnPlateau(one, **options),
        torch.optim.lr_scheduler.ReduceLROnPlateau(other, **options),
    )
    for figure in np.round(np.random.default_rng(0).normal(1, 0.1, 60), 2):
        schedule.step(figure)
        expected.step(figure)
        assert one.lr == pytest.approx(other.param_groups[0]["lr"], rel=1e-12)


def test_a_cycle_may_be_stepped_after_its_last_update_as_in_pytorch() -> None:
    params, others, _ = pair()
    one, other = optim.SGD(params, 0.1, 0.9), torch.optim.SGD(others, 0.1, 0.9)
    options = {"epochs": 3, "steps_per_epoch": 4, "pct_start": 1.0}
    schedule = lr_scheduler.OneCycleLR(one, 0.5, **options)  # type: ignore[arg-type]
    expected = torch.optim.lr_scheduler.OneCycleLR(other, 0.5, **options)  # type: ignore[arg-type]
    for _ in range(11):
        other.step(), schedule.step(), expected.step()  # type: ignore[func-returns-value]
        assert schedule.get_last_lr() == pytest.approx(expected.get_last_lr(), rel=1e-9)
    schedule.step()  # PyTorch's rate for an update that never comes goes up again, or below 0
    assert one.lr == pytest.approx(0.5 / 25 / 1e4)
    with pytest.raises(ValueError, match="OneCycleLR: the cycle has 12 steps, and this is one more"):
        schedule.step()


def test_a_schedule_goes_on_where_it_was() -> None:
    ours, _, _ = pair()
    optimizer = optim.SGD(ours, 0.1)
    schedule = lr_scheduler.CosineAnnealingLR(optimizer, 10)
    for _ in range(4):
        schedule.step()
    state, lr = schedule.state_dict(), optimizer.lr
    other = lr_scheduler.CosineAnnealingLR(optim.SGD(pair()[0], 0.3), 10)
    other.load_state_dict(state)
    assert other.optimizer.lr == lr


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: optim.SGD(p, lr=-1), "SGD: lr must not be negative"),
        (lambda p: optim.SGD([{"params": p, "rate": 1}], lr=1), "SGD: there is no option rate; it has lr, momentum"),
        (lambda p: optim.SGD([{"params": p}, {"params": p[:1]}]), "SGD: a parameter is given twice"),
        (lambda p: optim.Lion(p, betas=(1.0, 0.5)), "Lion: betas must lie in"),
        (lambda p: optim.Muon(p), r"Muon: every parameter must be a real matrix, got float64\[4\]"),
        (lambda p: optim.LBFGS(p, line_search_fn="wolfe"), "LBFGS: line_search_fn must be None or 'strong_wolfe'"),
        (lambda p: optim.LBFGS([{"params": p[:1]}, {"params": p[1:]}]), "LBFGS: there can be one group"),
        (lambda p: optim.Adadelta(p, rho=2), "Adadelta: rho must lie in"),
        (lambda p: optim.RMSprop(p, eps=-1), "RMSprop: eps must not be negative"),
        (lambda p: lr_scheduler.StepLR(optim.SGD(p), 0), "StepLR: step_size must be at least 1"),
        (lambda p: lr_scheduler.LinearLR(optim.SGD(p), total_iters=0), "LinearLR: total_iters must be at least 1"),
        (lambda p: lr_scheduler.PolynomialLR(optim.SGD(p), 0), "PolynomialLR: total_iters must be at least 1"),
        (lambda p: lr_scheduler.OneCycleLR(optim.SGD(p), 1), "OneCycleLR: give total_steps, or epochs and steps_per_"),
        (
            lambda p: lr_scheduler.SequentialLR(
                optim.SGD(p), [lr_scheduler.LinearLR(optim.SGD(p)) for _ in range(3)], [9, 4]
            ),
            r"SequentialLR: milestones must rise, got \[9, 4\]",
        ),
        (lambda p: lr_scheduler.ReduceLROnPlateau(optim.SGD(p), factor=1), "ReduceLROnPlateau: factor must be below 1"),
        (lambda p: lr_scheduler.SequentialLR(optim.SGD(p), [lr_scheduler.LinearLR(optim.SGD(p))], [1]), "milestones"),
    ],
)
def test_bad_options(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(pair()[0])


def test_a_state_of_other_parameters_changes_nothing() -> None:
    ours, _, targets = pair()
    optimizer = optim.Adam(ours)
    our_loss(ours, targets).backward()
    optimizer.step()
    before = optimizer.state_dict()
    wrong = optimizer.state_dict()
    wrong["state"][1]["exp_avg"] = np.zeros(9)
    with pytest.raises(ValueError, match=r"Adam: exp_avg of parameter 1 has shape \(9,\), expected \(4,\)"):
        optimizer.load_state_dict(wrong)
    with pytest.raises(ValueError, match=r"groups with \[1\] parameters, these groups have \[3\]"):
        optimizer.load_state_dict({"state": {}, "param_groups": [{"params": [0]}]})
    for i, state in before["state"].items():
        for name, array in state.items():
            np.testing.assert_array_equal(optimizer.states[i][name], array)
