"""Plots: what is drawn, where it goes, and what cannot be drawn."""

from __future__ import annotations

import math
import re
import subprocess
import sys

import numpy as np
import pytest

import autograd
from autograd import Value, nn
from autograd.data import moons, spirals
from autograd.plotting import plot_boundary, plot_history
from autograd.training import History

figure = pytest.importorskip("matplotlib.figure")

POINTS, CLASSES = moons(20, seed=0)


def side(x):
    """The score of a straight line."""
    return x[:, 1] - 0.25


def recorded(**columns):
    history = History()
    history.load_state_dict(columns)
    return history


def curves(axes):
    """Label, style and numbers of what is drawn, on both axes."""
    return [
        (line.get_label(), line.get_linestyle(), list(line.get_xdata()), list(line.get_ydata()))
        for one in axes.figure.axes
        for line in one.lines
    ]


@pytest.mark.parametrize(
    ("history", "drawn", "scale"),
    [
        ({"loss": [2.0, 1.0]}, [("loss", "-")], "linear"),
        ({"loss": [20.0, 1.0]}, [("loss", "-")], "log"),
        ({"loss": [20.0, 0.0]}, [("loss", "-")], "linear"),
        ({"loss": [math.nan, 1.0]}, [("loss", "-")], "linear"),
        (
            {"loss": [2.0, 1.0], "val_loss": [2.0, 3.0], "accuracy": [0.5, 0.6]},
            [("loss", "-"), ("val loss", "--"), ("accuracy", "-")],
            "linear",
        ),
        (
            recorded(loss=[3.0], val_loss=[4.0], val_f1=[0.5], lr=[0.1], seconds=[1.0]),
            [("loss", "-"), ("val loss", "--"), ("val f1", "--")],
            "linear",
        ),
        ({"accuracy": (0.5, 0.25)}, [("accuracy", "-")], "linear"),
    ],
)
def test_curves_of_a_history(history, drawn, scale):
    axes = plot_history(history)
    found = curves(axes)
    assert [(label, style) for label, style, _, _ in found] == drawn
    for label, _, epochs, column in found:
        expected = history[label.replace(" ", "_")]
        assert epochs == list(range(1, len(expected) + 1))
        np.testing.assert_array_equal(column, expected)
    assert axes.get_yscale() == scale
    assert axes.get_xlabel() == "epoch"
    assert (axes.get_legend() is None) == (len(drawn) == 1)


@pytest.mark.parametrize(
    ("model", "threshold"),
    [
        (side, None),
        (lambda x: Value(side(x)), None),
        (lambda x: Value(side(x)[:, None]), None),
        (lambda x: autograd.sigmoid(Value(side(x))), None),
        (lambda x: side(x) + 3.0, 3.0),
        (lambda x: np.stack([-side(x), side(x)], axis=1), None),
        (lambda x: autograd.softmax(Value(np.stack([0 * x[:, 0], side(x)], axis=1)), -1), None),
    ],
    ids=["scores", "Value", "column", "probabilities", "threshold", "two", "softmax"],
)
def test_the_boundary_is_where_the_decision_changes(model, threshold):
    axes = plot_boundary(model, POINTS, CLASSES, threshold=threshold, resolution=30)
    (line,) = axes.collections[:-2]
    corners = np.concatenate([path.vertices for path in line.get_paths()])
    np.testing.assert_allclose(corners[:, 1], 0.25, atol=1e-3)
    for scatter, class_ in zip(axes.collections[-2:], (0, 1), strict=True):
        np.testing.assert_array_equal(scatter.get_offsets(), POINTS[class_ == CLASSES])
    (image,) = axes.images
    left, right, bottom, top = image.get_extent()
    assert left < POINTS[:, 0].min() < POINTS[:, 0].max() < right
    assert bottom < POINTS[:, 1].min() < POINTS[:, 1].max() < top
    # Blue below, where class 0 scores higher, orange above.
    shades = image.get_array()
    assert shades[0, 0, 2] > shades[0, 0, 0]
    assert shades[-1, 0, 0] > shades[-1, 0, 2]


def test_more_than_two_classes():
    points, classes = spirals(60, arms=4, seed=0)
    centres = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    axes = plot_boundary(lambda x: x @ centres.T, points, classes, resolution=20)
    assert len(axes.collections) == 4 + 4


def test_margins_are_dashed():
    axes = plot_boundary(side, POINTS, 2 * CLASSES - 1, dashed=(0.5, -0.25), resolution=30)
    dashed, line = axes.collections[:2]
    heights = [float(path.vertices[:, 1].mean()) for path in dashed.get_paths()]
    assert sorted(heights) == pytest.approx([0.0, 0.75], abs=1e-3)
    assert line.get_paths()[0].vertices[:, 1].mean() == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize(
    ("model", "points"),
    [
        (lambda x: 0 * x[:, 0], POINTS),
        (lambda x: 0 * x[:, 0] + 7.0, POINTS),
        (side, [[0.5, 0.5]] * 20),
        (side, np.column_stack([np.arange(20.0), np.zeros(20)])),
        (lambda x: 1e300 * side(x), POINTS),
    ],
    ids=["no decision", "one class", "one point", "a line", "large"],
)
def test_what_has_no_boundary_or_no_extent_is_drawn_all_the_same(model, points, tmp_path):
    path = tmp_path / "boundary.png"
    plot_boundary(model, points, CLASSES, resolution=10, path=path)
    assert path.stat().st_size > 1000


def test_the_model_evaluates_and_nothing_is_recorded():
    modes = []

    class Watched(nn.Module):
        def __call__(self, x):
            modes.append((self.training, autograd.is_grad_enabled()))
            return side(x)

    model = Watched()
    plot_boundary(model, POINTS, CLASSES, resolution=5)
    assert modes == [(False, False)]
    assert model.training


@pytest.mark.parametrize("ending", ["png", "SVG", "pdf"])
def test_pictures_are_saved_as_their_ending_says(tmp_path, ending):
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending.lower()]
    for name, draw in {
        "history": lambda path: plot_history({"loss": [1.0, 0.5]}, path=path),
        "boundary": lambda path: plot_boundary(
            side, POINTS, CLASSES, resolution=10, path=str(path)
        ),
    }.items():
        path = tmp_path / f"{name}.{ending}"
        draw(path)
        assert path.read_bytes().startswith(begins)


def test_axes_that_are_given_are_drawn_into_and_keep_their_colours():
    together = figure.Figure()
    left, right = together.subplots(1, 2)
    before = left.get_facecolor()
    assert plot_history({"loss": [1.0, 0.5]}, axes=left) is left
    assert plot_boundary(side, POINTS, CLASSES, axes=right, resolution=5) is right
    assert len(left.lines) == len(right.images) == 1
    assert left.get_facecolor() == before


def test_no_state_of_pyplot_is_touched():
    program = """
import sys
from autograd.plotting import plot_boundary, plot_history
assert "matplotlib" not in sys.modules
plot_history({"loss": [1.0, 0.5]})
plot_boundary(lambda x: x[:, 0], [[0.0, 0.0], [1.0, 1.0]], [0, 1], resolution=5)
assert "matplotlib.pyplot" not in sys.modules
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_history({"loss": [1.0]}),
        lambda: plot_boundary(side, POINTS, CLASSES, resolution=5),
    ],
)
def test_without_matplotlib_the_extra_is_named(monkeypatch, draw):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    message = r"^\[plotting\.plot_\w+\] the package 'matplotlib' is missing.*autograd-core\[plot\]"
    with pytest.raises(ImportError, match=message):
        draw()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"model": 3}, TypeError, "the model is a int, which cannot be called - a module"),
        ({"points": POINTS[:, :1]}, ValueError, "points of shape (20, 1) were given - (n, 2) is n"),
        (
            {"points": POINTS[:0]},
            ValueError,
            "points of shape (0, 2) were given - (n, 2) is needed",
        ),
        ({"points": POINTS * math.inf}, ValueError, "points[0, 0] is "),
        ({"classes": CLASSES[:3]}, ValueError, "20 points and classes of shape (3,) were given -"),
        ({"classes": CLASSES + 1}, ValueError, "] is 2 - 0 to 1 is needed, for that is what the"),
        ({"classes": CLASSES * 0.5}, ValueError, "] is 0.5 - 0 to 1 is needed, for that is what"),
        (
            {"model": lambda x: x[:5, 0]},
            ValueError,
            "the model gave the shape (5, 1) for 20 points",
        ),
        ({"model": lambda x: x[:, :0]}, ValueError, "the model gave the shape (20, 0) for 20 poi"),
        ({"model": lambda x: x[:, 0] * math.nan}, ValueError, "the model gave nan for the point ["),
        ({"threshold": math.nan}, ValueError, "threshold=nan was given - a finite number is need"),
        (
            {"model": lambda x: x, "threshold": 0.5},
            ValueError,
            "threshold or dashed was given with 2 scores a point - one score is needed",
        ),
        ({"resolution": 1}, ValueError, "resolution=1 was given - at least 2 is needed"),
        ({"axes": 3}, TypeError, "axes is a int - matplotlib's Axes are needed"),
        ({"path": "picture.xyz"}, ValueError, "the path 'picture.xyz' was given - one of the end"),
        ({"path": "picture"}, ValueError, "the path 'picture' was given - one of the endings"),
    ],
)
def test_plot_boundary_refuses(given, error, message):
    arguments = {
        "model": side,
        "points": POINTS,
        "classes": CLASSES,
        "resolution": 5,
        **given,
    }
    with pytest.raises(error) as caught:
        plot_boundary(**arguments)
    assert str(caught.value).startswith("[plot_boundary] ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([1.0], TypeError, "a list was given - a History, or a dictionary of lists of numbers"),
        ({}, ValueError, "a history without epochs was given - at least one is needed"),
        (History(), ValueError, "a history without epochs was given - at least one is needed"),
        ({"lr": [0.1]}, ValueError, "a history without epochs was given - at least one is needed"),
        ({"loss": ["a"]}, TypeError, "'loss' is ['a'] - a list of numbers is needed"),
        ({"loss": 3.0}, TypeError, "'loss' is 3.0 - a list of numbers is needed"),
        ({"loss": [[1.0, 2.0]]}, TypeError, "'loss' is [[1.0, 2.0]] - a list of numbers is need"),
    ],
)
def test_plot_history_refuses(given, error, message):
    with pytest.raises(error, match=rf"^\[plot_history\] {re.escape(message)}"):
        plot_history(given)


def test_points_without_neighbours_are_marked_and_epochs_are_whole():
    axes = plot_history({"loss": [1.0, np.nan, 0.5, 0.4, np.inf, 0.1]})
    (line,) = axes.get_lines()
    assert (line.get_marker(), list(line.get_markevery())) == ("o", [0, 5])
    assert all(float(tick).is_integer() for tick in axes.get_xticks())
