"""Inspection: what drawings and forensics both read of a graph, of a module and of a program.

`stored` takes apart the list in which the engine stores a graph, `source` finds lines of programs,
`names` what values are called.
"""
