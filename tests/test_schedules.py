"""Schedules: learning rates against their formulas and PyTorch's, states, errors."""

from __future__ import annotations

import math

import pytest

from autograd import Value
from autograd.optim import (
    SGD,
    CosineSchedule,
    LambdaSchedule,
    LinearSchedule,
    Schedule,
    StepSchedule,
    WarmupSchedule,
)

STEPS = 12
MAKERS = {
    "step": lambda o: StepSchedule(o, every=3, by=0.5),
    "cosine": lambda o: CosineSchedule(o, over=8, end=0.1),
    "linear": lambda o: LinearSchedule(o, over=8, start=0.25, end=2.0),
    "lambda": lambda o: LambdaSchedule(o, lambda step: 0.9**step),
    "warm-up": lambda o: WarmupSchedule(o, 4),
    "warm-up, cosine": lambda o: WarmupSchedule(o, 4, then=CosineSchedule(o, over=5, end=0.1)),
}


def optimizer():
    return SGD([{"parameters": [Value(1.0)], "lr": 2.0}, {"parameters": [Value(1.0)]}], lr=0.5)


def rates(schedule, steps=STEPS):
    found = [[group.lr for group in schedule.optimizer.groups]]
    for _ in range(steps):
        schedule.step()
        found.append([group.lr for group in schedule.optimizer.groups])
    return found


@pytest.mark.parametrize(
    ("make", "theirs"),
    [
        (MAKERS["step"], lambda s, o: s.StepLR(o, 3, 0.5)),
        (MAKERS["linear"], lambda s, o: s.LinearLR(o, 0.25, 1.0, 8)),
        (MAKERS["lambda"], lambda s, o: s.LambdaLR(o, lambda step: 0.9**step)),
        (MAKERS["cosine"], lambda s, o: s.CosineAnnealingLR(o, 8, 0.05)),
        (lambda o: CosineSchedule(o, 7, end=0.0), lambda s, o: s.CosineAnnealingLR(o, 7)),
    ],
)
@pytest.mark.filterwarnings("ignore:Detected call of")
def test_as_pytorch(make, theirs):
    torch = pytest.importorskip("torch")
    its = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    reference = theirs(torch.optim.lr_scheduler, its)
    ours = SGD([Value(1.0)], lr=0.5)
    schedule = make(ours)
    if isinstance(schedule, LinearSchedule):  # PyTorch's factors are at most 1
        schedule = LinearSchedule(SGD([Value(1.0)], lr=0.5), 8, start=0.25, end=1.0)
        ours = schedule.optimizer
    for _ in range(8):  # later PyTorch's cosine rises again
        assert ours.lr == pytest.approx(its.param_groups[0]["lr"], rel=1e-12, abs=1e-16)
        schedule.step()
        reference.step()


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_group_keeps_its_share(make):
    for first, second in rates(make(optimizer())):
        assert first == pytest.approx(4.0 * second, rel=1e-15)


def test_warm_up():
    assert [second for _, second in rates(MAKERS["warm-up"](optimizer()), 5)] == pytest.approx(
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.5]
    )
    rising = rates(MAKERS["warm-up, cosine"](optimizer()))
    falling = rates(CosineSchedule(optimizer(), over=5, end=0.1), STEPS - 4)
    assert rising[4:] == falling
    assert [second for _, second in rising[:4]] == pytest.approx([0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("at", [0, 3, 7])
def test_resumed_at_any_step(make, at):
    whole = rates(make(optimizer()))
    schedule = make(optimizer())
    for _ in range(at):
        schedule.step()
    other = optimizer()
    other.lr = 123.0  # whatever it was
    resumed = make(other)
    resumed.load_state_dict(schedule.state_dict())
    assert rates(resumed, STEPS - at) == whole[at:]


def test_a_state_of_another_is_refused():
    schedule = MAKERS["step"](optimizer())
    state = schedule.state_dict()
    bad = [
        {**state, "schedule": "CosineSchedule"},
        {**state, "base": [1.0]},
        {**state, "base": None},
        {**state, "steps": -1},
        {**state, "steps": 1.5},
        {},
    ]
    schedule.step()
    for one in bad:
        with pytest.raises(
            ValueError, match=r"^\[StepSchedule\.load_state_dict\] the state .* was"
        ):
            schedule.load_state_dict(one)
    assert schedule.steps == 1
    with pytest.raises(ValueError, match=r"base=-1\.0 was given"):
        schedule.load_state_dict({**state, "base": [1.0, -1.0]})
    assert schedule.state_dict() == {**state, "steps": 1}


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda o: StepSchedule(o, 0),
            ValueError,
            r"\[StepSchedule\] every=0 was given - at least",
        ),
        (lambda o: StepSchedule(o, 1.5), TypeError, r"\[StepSchedule\] every is 1.5, a float - an"),
        (lambda o: StepSchedule(o, 1, by=0.0), ValueError, r"\[StepSchedule\] by=0.0 was given"),
        (lambda o: CosineSchedule(o, 3, end=-0.1), ValueError, r"\[CosineSchedule\] end=-0.1 was"),
        (lambda o: LinearSchedule(o, 3, start=-1), ValueError, r"\[LinearSchedule\] start=-1 was"),
        (
            lambda o: LambdaSchedule(o, 0.5),
            TypeError,
            r"\[LambdaSchedule\] a float was given - a f",
        ),
        (lambda o: LambdaSchedule(o, lambda _: -0.5), ValueError, "the factor=-0.5 was given"),
        (lambda o: LambdaSchedule(o, lambda _: math.nan), ValueError, "the factor=nan was given"),
        (lambda o: LambdaSchedule(o, lambda _: "1"), TypeError, "the factor is a str"),
        (
            lambda o: WarmupSchedule(o, 2, then=CosineSchedule(optimizer(), 3)),
            TypeError,
            r"\[WarmupSchedule\] then=.* - a schedule of the same optimizer is needed",
        ),
        (lambda o: WarmupSchedule(o, 2, then=0.5), TypeError, r"\[WarmupSchedule\] then=0.5 was"),
        (
            lambda o: StepSchedule([o], 2),
            TypeError,
            r"\[StepSchedule\] a list was given - an optim",
        ),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=rf"^{message}|{message}"):
        make(optimizer())


def test_a_refused_step_is_none():
    schedule = LambdaSchedule(optimizer(), lambda step: 1.0 - 2.0 * step)
    with pytest.raises(ValueError, match=r"^\[LambdaSchedule\] the factor=-1.0 was given"):
        schedule.step()
    assert schedule.steps == 0
    assert schedule.optimizer.lr == 2.0
    assert repr(schedule) == "LambdaSchedule(steps=0, lr=2.0)"


def test_schedule_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        Schedule(optimizer())


def test_factors_at_the_ends():
    schedule = CosineSchedule(optimizer(), over=4, end=0.25)
    assert [schedule.factor(step) for step in (0, 2, 4, 99)] == [1.0, 0.625, 0.25, 0.25]
    assert math.isclose(LinearSchedule(optimizer(), 3, end=0.5).factor(99), 0.5)


def test_nothing_changes_where_a_rate_is_refused():
    x, y = Value(1.0), Value(1.0)
    optimizer = SGD([{"parameters": [x]}, {"parameters": [y], "lr": 1e300}], lr=1.0)
    schedule = LambdaSchedule(optimizer, lambda step: [1.0, 0.5, 1e100][step])
    schedule.step()
    for _ in range(2):  # the rate of the second group would be infinite
        with pytest.raises(
            ValueError, match=r"^\[LambdaSchedule\] the learning rate=inf was given"
        ):
            schedule.step()
    assert schedule.steps == 1
    assert [group.lr for group in optimizer.groups] == [0.5, 0.5e300]


@pytest.mark.parametrize(
    "make",
    [
        lambda o: LambdaSchedule(o, lambda step: 1 - step / 5),
        lambda o: CosineSchedule(o, over=5, end=0.0),
        lambda o: LinearSchedule(o, over=5, end=0.0),
        lambda o: WarmupSchedule(o, 2, then=LinearSchedule(o, over=3, end=0)),
    ],
)
def test_a_rate_may_end_at_zero(make):
    schedule = make(optimizer())
    found = rates(schedule, 5)
    assert min(found[:5]) > [0.0, 0.0]
    assert found[5] == [0.0, 0.0]
    resumed = make(optimizer())
    resumed.load_state_dict(schedule.state_dict())
    assert resumed.optimizer.lr == 0.0
    with pytest.raises(
        ValueError, match=r"^\[StepSchedule\] an optimizer with the learning rate 0"
    ):
        StepSchedule(schedule.optimizer, 1)


def test_a_rate_may_begin_at_zero():
    schedule = LinearSchedule(optimizer(), over=2, start=0.0, end=1.0)
    assert [first for first, _ in rates(schedule, 3)] == [0.0, 1.0, 2.0, 2.0]


def test_nothing_changes_where_the_factor_raises():
    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = LambdaSchedule(optimizer, lambda step: [1.0, 0.5][step])
    schedule.step()
    with pytest.raises(IndexError):
        schedule.step()
    assert (schedule.steps, optimizer.lr) == (1, 0.5)
    with pytest.raises(ValueError, match=r"^\[LambdaSchedule.load_state_dict\] the state None"):
        schedule.load_state_dict(None)
