"""Checkpoints: the state of models, optimizers and whatever else a training needs, in one file.

A checkpoint is a safetensors file: it holds numbers and text, never code, so that one from a
stranger can be loaded. Start reading in ``parts.py`` (`save` and `load`); ``state.py`` takes nested
dictionaries apart into text and arrays, ``file.py`` knows the format, and ``replace.py`` how a file
is replaced as a whole.
"""

from autograd.checkpoint.parts import Contents, contents, load, save

__all__ = ["Contents", "contents", "load", "save"]
