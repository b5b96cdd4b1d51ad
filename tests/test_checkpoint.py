"""Checkpoints: what comes back, what is refused, and what is left when saving fails on the way."""

from __future__ import annotations

import errno
import functools
import math
import os
import pathlib
import pickle
import signal
import stat
import struct
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("safetensors")
import safetensors.numpy

import autograd
from autograd import Value, checkpoint, nn, optim, random
from autograd.checkpoint import file as checkpoint_file
from autograd.checkpoint import replace as replacing
from autograd.data import Batches

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")


LARGE = "(header too large|HeaderTooLarge)"  # from the library, in either of its ways


class Part:
    """Something with a state: an array that must have its shape."""

    def __init__(self, *numbers):
        self.array = np.array(numbers, float)
        self.loads = 0

    def state_dict(self):
        return {"array": self.array.copy()}

    def load_state_dict(self, state):
        if set(state) != {"array"} or state["array"].shape != self.array.shape:
            raise ValueError(f"[Part] {sorted(state)} was given - another shape is needed.")
        self.array[...] = state["array"]
        self.loads += 1


@pytest.fixture
def path(tmp_path):
    return tmp_path / "training.safetensors"


def beside(path):
    """Return the names of what lies in the folder of a file."""
    return [found.name for found in path.parent.iterdir()]


def same(one, other):
    """Return whether two states agree in structure, type and bits."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray | np.generic):
        equal = one.dtype == other.dtype and one.shape == other.shape
        return equal and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    return one == other


# --- what comes back ------------------------------------------------------------------------------

STATES = [
    {},
    functools.reduce(lambda inner, _: [inner], range(98), [1]),
    {"a": {"b": {"c": {}}}, "d": [], "e": (), "f": [{}], "g": ([()],)},
    {"none": None, "true": True, "false": False, "one": 1, "float": 1.0},
    [1, 2.5, True, None, "text", [1, [2]], (1, (2.0,)), {"a": (None,)}],
    [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308, 0.1],
    [2**127 + 1, -(2**64), 10**5000, -(10**5000), 2**1000, -(2**1023)],
    ["", "\0", 'ü\n\t"\\', "\U0001f600", "#array", "{}", "\u2028"],
    {"#array": 1},
    {"#array": "x", "##": 2, "#": 3, "#tuple": [1], "#new": None},
    {"": {"": np.ones(1)}, ".": np.ones(2), "..": np.ones(3)},
    {"a.b": np.zeros(1), "a": {"b": np.ones(1), "b#2": np.ones(2)}, "a.b#2": np.ones(3)},
    {'ü \0\n"': np.ones(1), "__metadata__": np.ones(2)},
    [np.array(1.5), np.zeros((0, 3)), np.zeros((2, 0)), np.arange(24.0).reshape(2, 3, 4)],
    [np.array([math.nan, -0.0, math.inf], dtype) for dtype in ("f8", "f4", "f2")],
    [np.arange(3).astype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8)],
    [np.array([True, False]), np.array(True), np.bool_(True)],
    [np.float64(0.1), np.float32(0.1), np.int8(-1), np.uint64(2**64 - 1), np.float16(1)],
    list(range(10_000)),
    [0.5] * 1_000 + [math.nan],
]


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_all_of_a_state_survives(path, state):
    checkpoint.save(path, part=state, path="a part may have this name")
    loaded = checkpoint.load(path)
    assert same(loaded, {"part": state, "path": "a part may have this name"})
    checkpoint.save(path, **loaded)
    assert same(checkpoint.load(path), loaded)


def test_a_part_may_have_the_name_that_the_format_reserves(path):
    parts = {"__metadata__": np.ones(2), "__metadata__#2": np.zeros(3)}
    checkpoint.save(path, **parts)
    assert same(checkpoint.load(path), parts)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from([np.arange(3), np.float32(1.5), np.zeros((0, 2)), np.array(7)]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text("ab.#", max_size=3) | st.text(max_size=3), inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=3), TREES, min_size=1, max_size=3))
def test_any_state_survives(tmp_path_factory, parts):
    path = tmp_path_factory.getbasetemp() / "any.safetensors"
    checkpoint.save(path, **parts)
    assert same(checkpoint.load(path), parts)
    found = checkpoint.contents(path)
    assert found.parts == list(parts)
    tensors = safetensors.numpy.load_file(path)
    assert {name: array.shape for name, array in tensors.items()} == {
        name: shape for name, (shape, _) in found.arrays.items()
    }


def test_what_is_not_contiguous_or_in_another_order_of_bytes_is_equal(path):
    base = np.arange(12.0).reshape(3, 4)
    given = [base.T, base[:, 1], base[::-1], np.broadcast_to(1.5, (2, 2)), base.astype(">f8")]
    checkpoint.save(path, part=given)
    for loaded, one in zip(checkpoint.load(path)["part"], given, strict=True):
        np.testing.assert_array_equal(loaded, one)
        assert loaded.dtype == np.float64
        loaded += 1.0  # its own, to write to


def test_other_programs_read_the_arrays(path):
    model = nn.MLP(2, [3, 1], seed=0)
    checkpoint.save(path, model=model, epoch=3)
    tensors = safetensors.numpy.load_file(path)
    assert set(tensors) == {f"model.{name}" for name, _ in model.named_parameters()}
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(tensors[f"model.{name}"], parameter.data)
    found = checkpoint.contents(path)
    assert found.version == autograd.__version__
    assert found.parts == ["model", "epoch"]
    assert found.arrays["model.layers.0.weights"] == ((3, 2), "F64")


def test_equal_states_give_equal_files(path):
    parts = {"b": np.ones(3), "a": {"x": np.arange(5, dtype="i1"), "y": [1.5, None]}}
    checkpoint.save(path, **parts)
    first = path.read_bytes()
    code = f"""
import numpy as np
from autograd import checkpoint
checkpoint.save({str(path)!r}, b=np.ones(3), a=dict(x=np.arange(5, dtype="i1"), y=[1.5, None]))
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert path.read_bytes() == first
    assert int.from_bytes(first[:8], "little") % 8 == 0  # as the format recommends


def test_objects_are_loaded_and_the_rest_is_returned(path):
    checkpoint.save(path, one=Part(1, 2), two=Part(3), epoch=7, notes={"by": "me"})
    one, two = Part(0, 0), Part(0)
    rest = checkpoint.load(str(path), two=two, one=one)
    assert rest == {"epoch": 7, "notes": {"by": "me"}}
    assert (one.array.tolist(), two.array.tolist()) == ([1.0, 2.0], [3.0])
    rest = checkpoint.load(os.fsencode(path), two=two)
    assert list(rest) == ["one", "epoch", "notes"]
    np.testing.assert_array_equal(rest["one"]["array"], [1.0, 2.0])


# --- training -------------------------------------------------------------------------------------


def training(path=None, *, pause=None, resume=False):
    """Train for 25 batches of 10; save and stop at one, or go on from what was saved."""
    generator = np.random.default_rng(3)
    points = generator.normal(size=(40, 2))
    labels = np.sign(points[:, 0] * points[:, 1])
    model = nn.MLP(2, [8, 1], seed=9 if resume else 1)
    optimizer = optim.Adam(model, lr=0.5 if resume else 0.05)
    schedule = optim.CosineSchedule(optimizer, 25)
    batches = Batches(points, labels, size=7, seed=99 if resume else 5)
    random.seed(77 if resume else 11)
    parts = {
        "model": model,
        "optimizer": optimizer,
        "schedule": schedule,
        "batches": batches,
        "random": random,
    }
    losses, count = [], 0
    if resume:
        progress = checkpoint.load(path, **parts)
        losses, count = progress["losses"], progress["count"]
    while True:
        for x, y in batches:
            kept = random.uniform(0.0, 1.0, x.shape).data > 0.2  # as dropout draws
            optimizer.zero_grad()
            loss = nn.losses.hinge(model(x * kept)[:, 0], y)
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.data)
            count += 1
            if count == pause:
                checkpoint.save(path, **parts, losses=losses, count=count)
                return None
            if count == 25:
                return [p.data.tobytes() for p in model.blocks()], losses, random.state_dict()


@pytest.mark.parametrize("pause", [1, 6, 9, 24])
def test_training_that_is_resumed_is_the_same_to_the_bit(path, pause):
    """Six batches are an epoch: at the first, at the end of an epoch, within one, at the last."""
    whole = training()
    assert training(path, pause=pause) is None
    assert training(path, resume=True) == whole


# --- what is refused ------------------------------------------------------------------------------


def holds_itself():
    state: dict[str, object] = {}
    state["again"] = state
    return state


def deep():
    state: object = 1
    for _ in range(101):
        state = [state]
    return state


@pytest.mark.parametrize(
    ("part", "kind", "message"),
    [
        ({"a": [1, object()]}, TypeError, r"part.a.1 is a object - it cannot be written as"),
        ({"a": {"b": {1, 2}}}, TypeError, r"part.a.b is a set - it cannot be written"),
        (1j, TypeError, r"part is a complex - it cannot be written"),
        (b"bytes", TypeError, r"part is a bytes - it cannot"),
        ([Value(1.0)], TypeError, r"part.0 is a Value - numbers without a graph are needed"),
        ({"w": Value([1.0])}, TypeError, r"part.w is a Value - .* needed\. Save value\.data\.$"),
        (np.array([None]), TypeError, r"part is an array of type object - floats of 16, 32 or"),
        ([np.array(["a"])], TypeError, r"part.0 is an array of type <U1 - floats"),
        (np.array([1j]), TypeError, r"part is an array of type complex128 - floats"),
        (np.array(["2020"], "M8[D]"), TypeError, r"part is an array of type datetime64\[D\]"),
        (np.ma.masked_array([1.0]), TypeError, r"part is a numpy.ma.\S+ - it cannot"),
        (np.str_("a"), TypeError, r"part is an array of type <U1 - floats"),
        (errno, TypeError, r"part is a module - it cannot"),
        ({"a": {1: 2}}, TypeError, r"part.a has the key 1, a int - a str is needed"),
        ({"a": "\ud800"}, ValueError, r"part.a has the text '\\ud800', which is no valid Unicode"),
        ({"\ud800": 1}, ValueError, r"part has the text '\\ud800', which is no valid Unicode"),
        (holds_itself(), ValueError, r"part.again.again... is nested more than 100 levels deep"),
        (deep(), ValueError, r"part.0.0... is nested more than 100 levels deep"),
        (Part, TypeError, r"part 'part' is the class Part - an object is needed"),
    ],
    ids=str,
)
def test_what_cannot_be_written_is_named_and_nothing_is_written(path, part, kind, message):
    checkpoint.save(path, epoch=1)
    before = path.read_bytes()
    with pytest.raises(kind, match=rf"^\[checkpoint.save\] {message}"):
        checkpoint.save(path, fine=np.ones(3), part=part)
    assert path.read_bytes() == before
    assert beside(path) == [path.name]


@pytest.mark.parametrize("call", [checkpoint.save, checkpoint.load, checkpoint.contents])
@pytest.mark.parametrize("bad", [3, None, 1.5, ["a"], object(), Part()])
def test_what_is_no_path_is_refused(call, bad):
    with pytest.raises(TypeError, match=r"^\[checkpoint.\w+\] .* was given as the path - a str or"):
        call(bad)
    with pytest.raises(ValueError, match=r"^\[checkpoint.\w+\] '(a\\x00)?' was given as the path"):
        call("" if bad is None else "a\0")


def test_no_parts_are_refused(path):
    with pytest.raises(
        ValueError, match=r"^\[checkpoint.save\] no parts were given - at least one"
    ):
        checkpoint.save(path)
    assert not path.exists()


def test_a_text_that_cannot_be_read_again_is_not_written(path, monkeypatch):
    monkeypatch.setattr(checkpoint_file, "LARGEST_HEADER", 1_000)
    checkpoint.save(path, part=[0.5] * 10)
    with pytest.raises(ValueError, match=r"but the arrays takes [\d,]+ bytes - at most 1,000 are"):
        checkpoint.save(path, part=[0.5] * 1_000)
    assert checkpoint.load(path) == {"part": [0.5] * 10}


def test_the_limit_is_that_of_the_library(tmp_path):
    for size, fine in ((checkpoint_file.LARGEST_HEADER, True), (100_000_008, False)):
        path = tmp_path / f"{size}"
        header = b'{"__metadata__":{"a":"b"}}'
        path.write_bytes(size.to_bytes(8, "little") + header + b" " * (size - len(header)))
        with pytest.raises(ValueError, match="was not written by" if fine else LARGE):
            checkpoint.load(path)


@pytest.mark.parametrize("call", [checkpoint.save, checkpoint.load, checkpoint.contents])
def test_a_missing_package_is_named(path, call, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(ImportError, match=r"^\[checkpoint.\w+\] the package 'safetensors' is"):
        call(path, **({"part": 1} if call is checkpoint.save else {}))
    assert not path.exists()


@pytest.mark.parametrize(
    ("part", "what"),
    [(3, "3, a int,"), (None, "None, a NoneType,"), (Part, "the class Part"), ({}, "{}, a dict,")],
)
def test_what_cannot_take_a_state_is_refused(path, part, what):
    checkpoint.save(path, part=1)
    with pytest.raises(TypeError, match=rf"^\[checkpoint.load\] part 'part' is {what} - an object"):
        checkpoint.load(path, part=part)


def test_parts_that_the_file_lacks_are_named_with_those_that_it_has(path):
    checkpoint.save(path, model=Part(1), epoch=3)
    model = Part(0)
    with pytest.raises(ValueError, match=r"'modl', 'other' were asked for - .* 'model', 'epoch'\."):
        checkpoint.load(path, model=model, modl=Part(0), other=Part(0))
    with pytest.raises(ValueError, match=r"'modl' was asked for - .* 'model', 'epoch'\."):
        checkpoint.load(path, model=model, modl=Part(0))
    assert model.loads == 0


def test_a_checkpoint_of_another_model_changes_nothing(path):
    checkpoint.save(path, one=Part(1), two=Part(2, 2), model=nn.MLP(2, [3, 1]))
    one, two = Part(0), Part(0, 0)
    model = nn.MLP(2, [4, 1], seed=0)
    before = model.state_dict()
    message = r"part 'model' of .* does not fit - nothing was changed\. \[.*layers\.0\.weights"
    with pytest.raises(ValueError, match=message):
        checkpoint.load(path, one=one, two=two, model=model)
    assert (one.array.tolist(), two.array.tolist()) == ([0.0], [0.0, 0.0])
    assert same(model.state_dict(), before)
    with pytest.raises(ValueError, match=r"part 'one' of .* does not fit - nothing was changed\."):
        checkpoint.load(path, two=two, one=Part(0, 0), model=model)
    assert two.array.tolist() == [0.0, 0.0]


def test_errors_of_an_object_pass_and_the_others_get_their_state_back(path):
    class Interrupted(Part):
        def load_state_dict(self, _):
            raise KeyboardInterrupt

    checkpoint.save(path, one=Part(1), two=Part(2))
    one = Part(0)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.load(path, one=one, two=Interrupted(0))
    assert (one.array.tolist(), one.loads) == ([0.0], 2)


def test_a_file_of_another_program_is_told_apart(path):
    safetensors.numpy.save_file({"w": np.ones(2)}, path, {"format": "np"})
    with pytest.raises(
        ValueError, match=r"was not written by .* \(its metadata: format\) - .*load_f"
    ):
        checkpoint.load(path)
    safetensors.numpy.save_file({"w": np.ones(2)}, path)
    with pytest.raises(ValueError, match=r"was not written by .* \(its metadata: none\) - "):
        checkpoint.contents(path)


def rewritten(path, change):
    """Change the metadata and the arrays of a file, and renew the checksum: as a forger would."""
    with safetensors.safe_open(path, framework="np") as opened:
        metadata = opened.metadata()
        arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    change(metadata, arrays)
    head = checkpoint_file.Head(
        metadata["autograd.version"],
        metadata["autograd.state"],
        "",
        {
            name: (array.shape, checkpoint_file._CODES[array.dtype.str[1:]])
            for name, array in arrays.items()
        },
    )
    blocks = {name: checkpoint_file._bytes(array) for name, array in arrays.items()}
    metadata["autograd.checksum"] = checkpoint_file._checksum(head, blocks)
    safetensors.numpy.save_file(arrays, path, metadata)


def test_a_file_of_a_newer_format_is_told_apart(path):
    checkpoint.save(path, part=np.ones(2))
    rewritten(path, lambda metadata, _: metadata.update({"autograd.format": "2"}))
    message = (
        r"has the format 2, of autograd \S+ - format 1 is needed by this version, \S+ Update the"
    )
    for call in (checkpoint.load, checkpoint.contents):
        with pytest.raises(ValueError, match=message):
            call(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "[]",
        "{",
        '{"part":1}',
        '{"part":{"#array":"part"},"again":{"#array":"part"}}',
        '{"part":{"#array":"none"},"again":{"#array":"part"}}',
        '{"part":{"#array":1},"again":{"#array":"part"}}',
        '{"part":{"#scalar":"part"}}',
        '{"part":{"#array":"part"},"more":{"#float":"1.5"}}',
        '{"part":{"#array":"part"},"more":{"#int":"none"}}',
        '{"part":{"#array":"part"},"more":{"#tuple":3}}',
        '{"part":{"#array":"part"},"more":{"#code":"import os"}}',
        '{"part":{"#array":"part","#more":1}}',
        '{"part":{"#array":"part"},"more":' + "9" * 5_000 + "}",
        '{"part":{"#array":"part"},"more":' + "[" * 150 + "]" * 150 + "}",
        '{"part":{"#array":"part"},"more":' + '{"#tuple":[' * 150 + "1" + "]}" * 150 + "}",
        "[" * 100_000,
    ],
    ids=lambda text: text[:40],
)
def test_a_forged_text_is_refused(path, text):
    checkpoint.save(path, part=np.ones(2))
    rewritten(path, lambda metadata, _: metadata.update({"autograd.state": text}))
    with pytest.raises(ValueError, match=r"^\[checkpoint.load\] .* is damaged, or no checkpoint: "):
        checkpoint.load(path)


@pytest.mark.parametrize("name", ["autograd.state", "autograd.checksum", "autograd.version"])
def test_metadata_that_is_missing_is_refused(path, name):
    checkpoint.save(path, part=np.ones(2))
    with safetensors.safe_open(path, framework="np") as opened:
        metadata = opened.metadata()
    del metadata[name]
    safetensors.numpy.save_file({"part": np.ones(2)}, path, metadata)
    with pytest.raises(ValueError, match="is damaged, or no checkpoint: "):
        checkpoint.load(path)


def test_a_type_that_numpy_lacks_is_refused(path):
    checkpoint.save(path, part=np.ones(2, np.float16))
    path.write_bytes(
        path.read_bytes().replace(b'"F16"', b'"BF16"'.ljust(5)).replace(b" \0", b"\0", 1)
    )
    with pytest.raises(ValueError, match="is damaged, or no checkpoint: "):
        checkpoint.load(path)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A small checkpoint of everything, as bytes."""
    path = tmp_path_factory.mktemp("sound") / "sound.safetensors"
    checkpoint.save(
        path,
        model={"w": np.arange(6.0).reshape(2, 3), "b": np.zeros(2, np.float32)},
        flags=[np.array([True]), np.int8(3), math.nan, 2**127, "text", (1.5, None)],
    )
    return path.read_bytes()


def test_a_file_that_is_cut_short_or_too_long_is_refused(path, sound):
    for size in [*range(0, len(sound), 7), 8, len(sound) - 1]:
        path.write_bytes(sound[:size])
        with pytest.raises(ValueError, match="is damaged, or no checkpoint: "):
            checkpoint.load(path)
    path.write_bytes(sound + b"\0")
    with pytest.raises(ValueError, match="is damaged, or no checkpoint: "):
        checkpoint.load(path)


def test_each_single_bit_counts(path, sound):
    """One bit of every byte, all of them in some."""
    for place in range(len(sound)):
        for bit in range(8) if place % 16 == 0 else [place % 8]:
            altered = bytearray(sound)
            altered[place] ^= 1 << bit
            path.write_bytes(altered)
            with pytest.raises(ValueError, match=r"(is damaged|was not written by|has the format)"):
                checkpoint.load(path)


@pytest.mark.parametrize(
    "swaps",
    [
        [(b'"a":{', b'"c":{'), (b'"b":{', b'"a":{'), (b'"c":{', b'"b":{')],
        [(b'"shape":[2,3]', b'"shape":[3,2]')],
        [(b'"dtype":"F64"', b'"dtype":"I64"')],
        [(b'"autograd.version":"', b'"autograd.version":"9')],
    ],
    ids=["names", "shapes", "types", "version"],
)
def test_a_header_that_is_altered_and_still_valid_is_refused(path, swaps):
    checkpoint.save(path, a=np.zeros((2, 3)), b=np.ones((2, 3)))
    before = path.read_bytes()
    size = int.from_bytes(before[:8], "little")
    header = before[8 : 8 + size]
    for old, new in swaps:
        assert old in header
        header = header.replace(old, new)
    path.write_bytes(len(header).to_bytes(8, "little") + header + before[8 + size :])
    assert len(safetensors.numpy.load_file(path)) == 2  # the library sees nothing
    with pytest.raises(ValueError, match=r"its checksum is crc32:\w{8}, not crc32:\w{8} - a whole"):
        checkpoint.load(path)


def test_nothing_in_a_file_is_executed(path):
    """What would run when it is unpickled is only bytes."""

    class Command:
        def __reduce__(self):
            return (pathlib.Path.touch, (path.parent / "executed",))

    for data in (pickle.dumps(Command()), pickle.dumps([Command()], 0)):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=rf"is damaged, or no checkpoint: .* {LARGE}"):
            checkpoint.load(path)
    assert beside(path) == [path.name]


# --- the file system ------------------------------------------------------------------------------


def test_a_missing_file_and_folder(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"^\[checkpoint.load\] .* could not be read: No such"
    ):
        checkpoint.load(tmp_path / "none")
    with pytest.raises(
        FileNotFoundError, match=r"^\[checkpoint.save\] .* could not be written: No s"
    ):
        checkpoint.save(tmp_path / "none" / "file", part=1)
    with pytest.raises(
        IsADirectoryError, match=r"^\[checkpoint.save\] .* could not be written: Is a"
    ):
        checkpoint.save(tmp_path, part=1)
    with pytest.raises(
        OSError, match=r"^\[checkpoint.load\] .* could not be read: Is a directory"
    ) as caught:
        checkpoint.load(tmp_path)
    assert caught.value.errno == errno.EISDIR
    assert not list(tmp_path.iterdir())


@POSIX
def test_what_is_no_regular_file_is_left_alone():
    with pytest.raises(OSError, match="It is no regular file"):
        checkpoint.save("/dev/null", part=1)
    with pytest.raises(OSError, match="It is no regular file"):
        checkpoint.load("/dev/null")
    assert stat.S_ISCHR(pathlib.Path("/dev/null").stat().st_mode)


@POSIX
def test_permissions_links_and_long_names(tmp_path):
    mask = os.umask(0o027)
    try:
        target = tmp_path / ("n" * 250)
        checkpoint.save(target, part=1)
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        target.chmod(0o604)
        link = tmp_path / "link"
        link.symlink_to(target.name)
        checkpoint.save(link, part=2)
        assert link.is_symlink()
        assert not target.is_symlink()
        assert stat.S_IMODE(target.stat().st_mode) == 0o604
        assert checkpoint.load(target) == checkpoint.load(link) == {"part": 2}
        dangling = tmp_path / "dangling"
        dangling.symlink_to("new")
        checkpoint.save(dangling, part=3)
        assert checkpoint.load(tmp_path / "new") == {"part": 3}
    finally:
        os.umask(mask)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may do everything")
def test_no_permission(path):
    checkpoint.save(path, part=1)
    path.chmod(0)
    with pytest.raises(
        PermissionError, match=r"^\[checkpoint.load\] .* could not be read: Permission"
    ):
        checkpoint.load(path)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(
            PermissionError, match=r"^\[checkpoint.save\] .* could not be written: Pe"
        ):
            checkpoint.save(path, part=2)
    finally:
        path.parent.chmod(0o700)


CALLS = ["open", "fsync", "replace", "chmod", "stat"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("name", CALLS)
def test_whichever_call_fails_the_old_file_is_whole(path, name, error, monkeypatch):
    checkpoint.save(path, part=np.zeros(1000))
    before = path.read_bytes()
    failing = pathlib.Path if name in ("replace", "chmod", "stat") else os
    original = getattr(failing, name)

    def fail(given, *args, **kwargs):
        # Only what saving asks for: the first flush, the new file.
        if name in ("open", "stat") and str(path.parent) not in str(given):
            return original(given, *args, **kwargs)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(failing, name, fail)
        with pytest.raises(type(error)) as caught:
            checkpoint.save(path, part=np.ones(1000))
    if isinstance(error, OSError):
        assert caught.value.errno == errno.ENOSPC
        assert str(caught.value).startswith("[checkpoint.save] ")
        assert "could not be written: No space left - " in str(caught.value)
    assert path.read_bytes() == before
    assert beside(path) == [path.name]
    checkpoint.save(path, part=np.ones(1000))
    assert checkpoint.load(path)["part"].all()


@POSIX
def test_a_folder_that_cannot_be_flushed(path, monkeypatch):
    """Some file systems have no such thing; other errors are told, and the new file stands."""
    original = os.fsync

    def failing(number):
        def fsync(descriptor):
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(number, os.strerror(number))
            original(descriptor)

        return fsync

    monkeypatch.setattr(os, "fsync", failing(errno.EINVAL))
    checkpoint.save(path, part=1)
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))
    with pytest.raises(OSError, match="could not be written: Input/output error"):
        checkpoint.save(path, part=2)
    assert checkpoint.load(path) == {"part": 2}
    assert beside(path) == [path.name]


def descriptors():
    """Return how many descriptors are open, when no old file is kept any more."""
    with replacing._letting_go:
        return len(list(pathlib.Path("/proc/self/fd").iterdir()))


LARGE_ENOUGH = np.zeros(replacing.LARGE // 8)
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@LINUX
def test_a_large_old_file_is_let_go_in_time(path, monkeypatch):
    """Its blocks are given back by another thread, after the call; no descriptor stays."""
    let_go = []

    def watched(descriptor):
        let_go.append((threading.current_thread(), os.fstat(descriptor).st_nlink))
        original(descriptor)

    original = replacing._let_go
    monkeypatch.setattr(replacing, "_let_go", watched)
    before = descriptors()
    for turn in range(4):
        checkpoint.save(path, part=LARGE_ENOUGH + turn)
        assert descriptors() == before
    assert checkpoint.load(path)["part"][-1] == 3
    assert [links for _, links in let_go] == [0, 0, 0]
    assert threading.main_thread() not in [thread for thread, _ in let_go]


@LINUX
@pytest.mark.parametrize("trouble", ["busy", "unreadable", "no thread", "interrupt", "small"])
def test_a_large_old_file_may_be_replaced_without_being_kept(path, trouble, monkeypatch):
    checkpoint.save(path, part=LARGE_ENOUGH)
    before = descriptors()
    open_file, started = os.open, []

    def fail(given, flags, *mode):
        if str(given) == str(path) and not flags & os.O_WRONLY:
            raise KeyboardInterrupt if trouble == "interrupt" else PermissionError
        return open_file(given, flags, *mode)

    def start(thread):
        started.append(thread)
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        if trouble in ("unreadable", "interrupt"):
            patch.setattr(os, "open", fail)
        if trouble == "small":
            patch.setattr(replacing, "LARGE", 10 * replacing.LARGE)
        if trouble == "busy":
            assert replacing._letting_go.acquire(timeout=10)
        if trouble == "interrupt":
            with pytest.raises(KeyboardInterrupt):
                checkpoint.save(path, part=LARGE_ENOUGH + 1)
        else:
            checkpoint.save(path, part=LARGE_ENOUGH + 1)
        if trouble == "busy":
            replacing._letting_go.release()
    assert len(started) == (trouble == "no thread")
    assert descriptors() == before
    assert checkpoint.load(path)["part"][-1] == (trouble != "interrupt")
    assert beside(path) == [path.name]


@POSIX
def test_a_program_may_end_while_an_old_file_is_let_go(path):
    code = f"""
import time
import numpy as np
from autograd import checkpoint
from autograd.checkpoint import replace
replace._let_go = lambda descriptor: time.sleep(100)
for turn in range(3):
    checkpoint.save({str(path)!r}, part=np.full({LARGE_ENOUGH.size}, turn))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert checkpoint.load(path)["part"][-1] == 2


@POSIX
def test_a_disk_that_is_full(path):
    """The system itself refuses, in the middle of the file."""
    checkpoint.save(path, part=np.zeros(10))
    code = f"""
import errno, resource, signal
import numpy as np
from autograd import checkpoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    checkpoint.save({str(path)!r}, part=np.ones(100_000))
except OSError as error:
    assert error.errno == errno.EFBIG, error
    print("refused")
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "refused"
    assert beside(path) == [path.name]
    assert not checkpoint.load(path)["part"].any()


KILLED = """
import os, random, signal, sys, time
import numpy as np
from autograd import checkpoint

path, turns = sys.argv[1], int(sys.argv[2])
random.seed(5)
newest = 0.0
began = time.perf_counter()
checkpoint.save(path, first=np.full(1, newest), second=np.full(200_000, newest))
longest = max(0.03, 3 * (time.perf_counter() - began))  # on a busy machine, too, some get through
for _ in range(turns):
    child = os.fork()
    if child == 0:
        number = newest
        while True:
            number += 1.0
            checkpoint.save(path, first=np.full(1, number), second=np.full(200_000, number))
    time.sleep(random.uniform(0.0, longest))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    parts = checkpoint.load(path)
    assert (parts["second"] == parts["first"]).all()
    assert parts["first"][0] >= newest
    newest = parts["first"][0]
print(newest)
"""


@POSIX
def test_killed_at_any_moment_the_file_is_whole(path):
    result = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), "40"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert float(result.stdout) > 1
    left = [name for name in beside(path) if name != path.name]
    assert left, "nothing was killed while it wrote"
    assert all(name.startswith(f".{path.name}.") and name.endswith(".tmp") for name in left)


@POSIX
@pytest.mark.parametrize("moment", ["os.fsync", "Path.chmod", "Path.replace", "Path.unlink"])
def test_killed_at_a_given_moment_the_file_is_whole(path, moment):
    checkpoint.save(path, part=np.zeros(1000))
    before = path.read_bytes()
    code = f"""
import os, signal
from pathlib import Path
import numpy as np
from autograd import checkpoint
{"Path.replace = lambda *_: 1 / 0" if moment == "Path.unlink" else ""}
{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
checkpoint.save({str(path)!r}, part=np.ones(1000))
"""
    result = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert result.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert len(beside(path)) == 2  # what it wrote stays beside
    checkpoint.save(path, part=np.ones(1000))
    assert checkpoint.load(path)["part"].all()
