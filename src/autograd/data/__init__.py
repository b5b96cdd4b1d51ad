"""Data sets that are generated, never downloaded."""

from autograd.data.moons import moons

__all__ = ["moons"]
