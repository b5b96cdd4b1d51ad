"""Wrong rules of structural operations, all in one copy of `structural_rules.cpp`.

The copy chooses by the environment variable AUTOGRAD_MUTANT which change is in force when it runs;
0 is none. Of every Term that is returned, sign, factor and value are changed; what else can be
wrong is written down in `CHANGES`. What no test can tell is in `EQUAL`. Start at
`changed_source`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CHOICE = """\
#include <cstdlib>
namespace {
const int chosen = std::getenv("AUTOGRAD_MUTANT") ? std::atoi(std::getenv("AUTOGRAD_MUTANT")) : 0;
}
"""
RESULTS = """\
namespace {
Term changed(int number, const Term& term) {
  if (chosen == number) return -term;
  if (chosen == number + 1) return Term(2.0) * term;
  if (chosen == number + 2) return 0.0;
  return term;
}
}
"""
RESULT_NAMES = ("-({})", "2.0 * ({})", "0.0")
FIRST_TERM = "Term spread("  # from here on every function returns a Term
RETURN = re.compile(r"\breturn (?!0\.0;)(?P<formula>[^;]+);")


@dataclass(frozen=True)
class Change:
    """An expression that stands once in the source between two texts, and what is wrong there."""

    original: str
    wrong: str
    before: str = ""
    after: str = ""

    @property
    def place(self) -> str:
        """What has to stand in the source, once."""
        return self.before + self.original + self.after


SHARE = "mask / spread(sum(mask, words[0].word, true), words[0].word, shape)"
CHANGES = (
    # What an adjoint contributes.
    Change("total.shape() == shape", "true"),
    Change("inverse_of(words[0].word, shape.rank())", "words[0].word"),
    Change("matmul(b, g, transpose_b, true)", "matmul(b, g, !transpose_b, true)"),
    Change("matmul(b, g, transpose_b, true)", "matmul(b, g, transpose_b, false)"),
    Change("matmul(b, g, transpose_b, true)", "matmul(g, b, transpose_b, true)"),
    Change("matmul(g, b, false, !transpose_b)", "matmul(g, b, false, transpose_b)"),
    Change("matmul(g, b, false, !transpose_b)", "matmul(g, b, true, !transpose_b)"),
    Change("matmul(g, b, false, !transpose_b)", "matmul(b, g, false, !transpose_b)"),
    Change("matmul(g, a, true, transpose_a)", "matmul(g, a, true, !transpose_a)"),
    Change("matmul(g, a, true, transpose_a)", "matmul(g, a, false, transpose_a)"),
    Change("matmul(g, a, true, transpose_a)", "matmul(a, g, true, transpose_a)"),
    Change("matmul(a, g, !transpose_a, false)", "matmul(a, g, transpose_a, false)"),
    Change("matmul(a, g, !transpose_a, false)", "matmul(a, g, !transpose_a, true)"),
    Change("matmul(a, g, !transpose_a, false)", "matmul(g, a, !transpose_a, false)"),
    Change("start", "std::size_t{0}", before="(node)] = ", after=";"),
    Change("part.starts[0] = argument", "part.starts[0] = 0"),
    Change("element(adjoint, argument)", "element(adjoint, 0)"),
    Change("words[1].word == 0", "words[1].word != 0"),
    Change("(x == best).holds", "(x >= best).holds"),
    Change("(x == best).holds", "(x <= best).holds"),
    Change("(x == best).holds", "(x != best).holds"),
    Change(SHARE, "mask"),
    # The operation on tangents.
    Change("words[1].word != 0", "words[1].word == 0", before="words[0].word, "),
    Change("operation == Structural::max", "true", after=")"),
    Change("sum(contribution(filled[0], mask), axes, false)", "sum(filled[0], axes, false)"),
    Change("total / sum(mask, axes, false)", "total"),
    Change("arguments[1]", "filled[1]", before="{filled[0], ", after="}"),
    Change("arguments[0]", "filled[0]", before="{", after=", filled[1]}"),
    Change("tangents[1].is_zero()", "true"),
    Change("tangents[0].is_zero()", "true"),
    Change("arguments[1]", "filled[1]", before="filled[1] = "),
)

# What asks for the shape of an extremum alone, and so cannot tell these: `flat_graph.cpp`, which
# reads stored graphs. A tangent goes another way.
SHAPE_ONLY = "extremum(x, words[0].word, keeps_axes(x, shape), operation == Structural::max)"
EQUAL = {
    f"{SHAPE_ONLY}  ->  -({SHAPE_ONLY})",
    f"{SHAPE_ONLY}  ->  2.0 * ({SHAPE_ONLY})",
    "operation == Structural::max  ->  true",
}


class NotFoundError(Exception):
    """What is to be changed does not stand in the source, or not so many times."""


def changed_source(source: str) -> tuple[str, list[str]]:
    """Give the source with all changes in it, and the names of the changes 1, 2, and so on."""
    names: list[str] = []
    head, first, rules = source.partition(FIRST_TERM)
    if not first:
        message = f"[changed_source] the source has no {FIRST_TERM!r} - it is needed to start from."
        raise NotFoundError(message)

    def with_result(match: re.Match[str]) -> str:
        formula = " ".join(match["formula"].split())
        number = len(names) + 1
        names.extend(f"{formula}  ->  {name.format(formula)}" for name in RESULT_NAMES)
        return f"return changed({number}, {match['formula']});"

    rules = RETURN.sub(with_result, rules)
    wrong_at: dict[str, list[Change]] = {}
    for change in CHANGES:
        wrong_at.setdefault(change.place, []).append(change)
    for place, changes in wrong_at.items():
        if rules.count(place) != 1:
            message = (
                f"[changed_source] {place!r} stands {rules.count(place)} times in the source - once"
                " is needed. Write the change anew."
            )
            raise NotFoundError(message)
        expression = f"({changes[0].original})"
        for change in changes:
            names.append(f"{change.original}  ->  {change.wrong}")
            expression = f"(chosen == {len(names)} ? ({change.wrong}) : {expression})"
        rules = rules.replace(place, changes[0].before + expression + changes[0].after)
    return CHOICE + head + RESULTS + first + rules, names
