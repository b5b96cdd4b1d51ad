"""Change each derivative of the table in every way we know, and see that a test notices.

`python tools/mutate_operations.py` reads the derivatives from `src/cpp/core/operations.hpp`, makes
of each all formulas that are one change away (`mutation/expression.py` says which), compiles them
into one program beside the check of `tests/cpp/partial_check.hpp`, and runs it. What the check
finds nothing wrong with has survived. It is printed, and the exit code is 1: either a row is
missing in `tests/cpp/partial_check.cpp`, or the change is none, and belongs in
`mutation/equal.py` with the reason.

`--list` prints all mutants instead, `--only NAME` takes one operation.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from mutation.compiler import compile_program, run
from mutation.equal import EQUAL
from mutation.table import Partial, partials_in

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "cpp" / "core" / "operations.hpp"
BESIDE = (
    ROOT / "tests" / "cpp" / "partial_check.cpp",
    ROOT / "src" / "cpp" / "core" / "special_functions.cpp",
)
PIECES = 4  # the mutants are compiled in that many files

PIECE = """\
#include "partial_check.hpp"

namespace autograd::test {{

using namespace autograd::table;

namespace {{

struct Mutant {{
  int number;
  Rule rule;
  std::size_t argument;
  Partial partial;
}};

}}  // namespace

void examine_{piece}() {{
  const Mutant mutants[] = {{
{rows}
  }};
  for (const Mutant& mutant : mutants) {{
    const std::string fault = fault_of(mutant.rule, mutant.argument, mutant.partial);
    std::printf("%d\\t%s\\n", mutant.number, fault.c_str());
  }}
}}

}}  // namespace autograd::test
"""
ROW = """\
    {{{number}, rule_of<index_of("{operation}")>(), {argument},
     partial_of<index_of("{operation}")>({code})}},"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, compile and run all mutants; 1 if one survives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAME", help="one operation of the table")
    parser.add_argument("--list", action="store_true", help="print the mutants, run none")
    options = parser.parse_args(arguments)

    partials = partials_in(TABLE.read_text(encoding="utf-8"))
    known = sorted({partial.operation for partial in partials})
    if options.only is not None and options.only not in known:
        parser.error(f"{options.only!r} is not in the table, which has {', '.join(known)}")
    chosen = [one for one in partials if options.only in (None, one.operation)]
    # Each derivative itself comes first: as it was read, it has to pass.
    mutants = [(one, other) for one in chosen for other in (one, *one.mutants())]
    if options.list:
        for original, mutant in mutants:
            if mutant is not original:
                print(f"{name_of(original)}: {original}  ->  {mutant}")
        return 0

    start = perf_counter()
    faults = examine([mutant for _, mutant in mutants])
    return report(mutants, faults, perf_counter() - start)


def examine(mutants: Sequence[Partial]) -> list[str]:
    """Compile the mutants into one program, and give what it finds wrong with each."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        sources = [*BESIDE, work / "main.cpp"]
        for piece in range(PIECES):
            rows = "\n".join(
                ROW.format(
                    number=number,
                    operation=mutant.operation,
                    argument=mutant.argument,
                    code=mutant.code,
                )
                for number, mutant in enumerate(mutants)
                if number % PIECES == piece
            )
            text = "#include <cstdio>\n" + PIECE.format(piece=piece, rows=rows)
            sources.append(work / f"piece_{piece}.cpp")
            sources[-1].write_text(text, encoding="utf-8")
        calls = [f"examine_{piece}()" for piece in range(PIECES)]
        (work / "main.cpp").write_text(
            "namespace autograd::test {\n"
            + "".join(f"void {call};\n" for call in calls)
            + "}\nint main() {\n"
            + "".join(f"  autograd::test::{call};\n" for call in calls)
            + "}\n",
            encoding="utf-8",
        )

        printed = run([compile_program(sources, work)])
    faults = [""] * len(mutants)
    for line in printed.splitlines():
        number, _, fault = line.partition("\t")
        faults[int(number)] = fault
    return faults


def report(
    mutants: Sequence[tuple[Partial, Partial]], faults: Sequence[str], seconds: float
) -> int:
    """Print who survived and what is listed in vain; 1 if there is any."""
    wrong: list[str] = []
    equal = killed = 0
    made = set()
    for (original, mutant), fault in zip(mutants, faults, strict=True):
        key = (name_of(original), str(mutant))
        made.add(key)
        if mutant is original:
            if fault:
                wrong.append(f"not as it stands: {key[0]}: {original}: {fault}")
        elif key in EQUAL:
            equal += 1
            if fault:
                wrong.append(f"listed as equal, but killed: {key[0]}: {mutant}: {fault}")
        else:
            killed += bool(fault)
            if not fault:
                wrong.append(f"survived: {key[0]}: {original}  ->  {mutant}")
    operations = {original.operation for original, _ in mutants}
    wrong.extend(
        f"listed as equal, but not made: {name}: {text}"
        for name, text in sorted(EQUAL - made)
        if name.partition("/")[0] in operations
    )
    for line in wrong:
        print(line)
    print(
        f"{len(operations)} operations, {killed} mutants killed, {equal} equal to the original,"
        f" {len(wrong)} complaints, {seconds:.0f} s"
    )
    return 1 if wrong else 0


def name_of(partial: Partial) -> str:
    """Name a derivative: `divide/1` is that of divide to its second argument."""
    return f"{partial.operation}/{partial.argument}"


if __name__ == "__main__":
    sys.exit(main())
