"""Documents with known fields to learn from: invented ones, worn ones, and real ones that may be shared."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from rapidfuzz import fuzz

from bench.extraction.noise import worn
from bench.extraction.synthetic import invoices, receipts
from bench.extraction.synthetic.sheet import document_of
from bench.extraction.truth import fields_in, items_of, read
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import fold

# The only sets of a folder that are learned from, whatever else lies in it.
REDISTRIBUTABLE = ("einvoice", "invoice2data")
REAL_WEIGHT = 10.0  # of a document that a firm really sent, against one of the generator


@dataclass(frozen=True, slots=True)
class Example:
    """A read document with its true values; what `absent` names is known not to be on it.

    `group` is what is held out together when models are checked: a sender, or one invented paper.
    """

    document: ConvertedDocument
    slug: str
    truth: Mapping[str, str]
    group: str
    weight: float = 1.0
    absent: frozenset[str] = frozenset()


def receipt_examples(count: int, name: str = "train") -> Iterator[Example]:
    """Invented receipts as a reader of scans gives them."""
    for number in range(count):
        sheet, truth, _ = receipts.receipt(f"{name}:{number}")
        rng = random.Random(f"noise:{name}:{number}")
        document = document_of([sheet], "ocr")
        yield Example(worn(document, rng, letters=True), "receipt", truth, f"receipt {number}")


def invoice_examples(count: int, name: str = "train") -> Iterator[Example]:
    """Invented invoices; a third of them as a reader of scans gives them."""
    for number in range(count):
        sheets, truth, _ = invoices.invoice(f"{name}:{number}")
        rng = random.Random(f"noise:{name}:{number}")
        scanned = rng.random() < 0.33
        document = document_of(sheets, "ocr" if scanned else "text_layer")
        absent = frozenset(field for field in invoices.OPTIONAL if field not in truth)
        document = worn(document, rng, letters=scanned)
        yield Example(document, "invoice", truth, f"invoice {number}", absent=absent)


def real_examples(truth: Path) -> Iterator[Example]:
    """The documents of the sets that may be redistributed."""
    fields = fields_in(truth)
    for item in items_of(truth, REDISTRIBUTABLE):
        yield Example(read(item, "file"), item.doc_type, fields[item.name], item.sender, REAL_WEIGHT)


# ---- When a value is right.


def is_right(definition: FieldDef, found: object, true: str) -> bool:
    """Amounts and dates are equal, codes equal but for punctuation, names and addresses alike to 90 %."""
    if definition.type == "currency":
        return _amount(str(found)) == _amount(true)
    if definition.type == "date":
        return str(found) == true
    left, right = (re.sub(r"[\W_]+", " ", fold(text)).strip() for text in (str(found), true))
    if definition.name in ("seller_name", "buyer_name", "company", "address"):
        return fuzz.ratio(left, right) >= 90
    return left.replace(" ", "") == right.replace(" ", "")


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
