"""How sure a table or list is, 0–1.

There are no labelled tables to fit a curve on, so the rule is written down and measured (decision note 15):

* a cell is as sure as its text could be read as its column's type, times the reader's own score;
* a table starts at the mean of its cells times 0.85: a clean table without any sum to hold it is a good
  guess and no more;
* independent sums then speak. Where the amounts add up to a printed net or total, four fifths of the doubt
  go; where quantity × unit price is the amount in every row, half of it. Rows where the product is wrong and
  sums that fail take away;
* a row that leaves a cell empty which the others fill, and a failed check, cap the whole below the review
  threshold.
"""

from __future__ import annotations

from .values import Structured

PRIOR = 0.85
SUM_LEFT, PRODUCT_LEFT = 0.2, 0.5  # share of the doubt that is left
GAPS_CAP = 0.65  # where a row leaves a cell empty that the others fill: readers miss single letters
UNSUMMED = 0.75  # factor where the amounts add up to nothing printed
FAILED_CAP = 0.55
HIGHEST = 0.99


def table_confidence(
    table: Structured, *, held: bool = False, doubted: bool = False, failed: bool = False
) -> float:
    """The confidence in all of a table's rows together.

    `held`: its amounts add up to a printed sum. `doubted`: they add up to none. `failed`: a check speaks
    against it in words.
    """
    cells = [part.confidence for row in table.parts for part in row.values()]
    if not cells:
        return 0.0
    sure = PRIOR * sum(cells) / len(cells)
    if held:
        sure = 1 - (1 - sure) * SUM_LEFT
    if table.products and not (held and table.wrong_products):
        wrong = len(table.wrong_products) / table.products
        sure = sure * (1 - 0.7 * wrong) if wrong else 1 - (1 - sure) * PRODUCT_LEFT
    if doubted:
        sure *= UNSUMMED
    if table.regular < 1:
        sure = min(sure * table.regular, GAPS_CAP)
    return min(sure, FAILED_CAP if failed else HIGHEST)
