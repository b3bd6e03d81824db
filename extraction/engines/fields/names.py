"""Names of companies and people: who sells, who buys, whose receipt it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from babel import Locale as BabelLocale
from rapidfuzz import fuzz

from .aliases import Role
from .candidates import Candidate, Reading
from .defs import FieldDef
from .layout import PageLayout, Segment, Span, fold

LEGAL = re.compile(
    r"(?<![\w.])(?:GmbH|gGmbH|UG|AG|KG|KGaA|OHG|GbR|e\.?\s?K\.?|e\.?\s?V\.?|e\.?\s?G\.?|a\.\s?G\.|SE|mbH"
    r"|Ltd\.?|Limited|LLC|LLP|PLC|Inc\.?|Corp\.?|Corporation|Co\.|Company|Pty|Pvt\.?|L\.?P\.?"
    r"|SAS|SASU|SARL|EURL|SNC|SCI|S\.\s?A\.?(?:\s?S\.?|\s?R\.\s?L\.?)?|S\.?à\.?r\.?l\.?|SA"
    r"|S\.?\s?L\.?(?:\s?U\.?)?|S\.?\s?r\.?\s?l\.?|S\.?\s?p\.?\s?A\.?|B\.?\s?V\.?|N\.?\s?V\.?|V\.?O\.?F\.?"
    r"|SDN\.?\s?\.?\s?BHD\.?|S/B|BHD\.?|BERHAD|ENTERPRISES?|TRADING|PT\.?|CV\.?|Tbk\.?"
    r"|A/S|ApS|AB|AS|Oy|Oyj|sp\.\s?z\s?o\.?\s?o\.?"
    r"|Kft\.?|s\.?r\.?o\.?|a\.s\.|Lda\.?|Ltda\.?|GROUP|HOLDINGS?)(?![\w])",
    re.IGNORECASE,
)
# Two-letter forms are also words, so they count only in capitals (SE, AG) and not at the start of a line.
_SHORT_FORM = re.compile(r"(?:UG|AG|KG|SE|SA|AB|AS|PT|CV|EV|EK|EG|LP|SL|BV|NV|SB|S/B)\.?$", re.IGNORECASE)
_SPLIT = re.compile(r"\s[-–—•●·|*,;]\s|[•●·|]|,\s|\s{3,}|\s[-–]\s?$")
_CONTACT = re.compile(
    r"@|www\.|https?:|\b(?:tel|fax|phone|fon|telefon|mobile|email|e-mail|iban|bic|swift"
    r"|gst|vat|ust|tva|siret|reg\.? ?no)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<![\d.,])(?:[A-Z]{1,2}[- ]?)?\d{4,6}(?:\s?[A-Z]{2}\b)?(?![\d.,])\s*[^\W\d_]{2,}"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2}\s\d{5}\b"
)
STREET = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|[a-z]{3}(?:weg|platz|allee|gasse|ufer|damm))(?=[\s.,\d]|$)"
    r"|\b(?:rue|avenue|av\.?|boulevard|bd|chemin|place|impasse|route"
    r"|street|st\.|road|rd\.?|lane|ln|drive|dr\.|way|square|suite|floor|level|unit|building|block"
    r"|blok|lot|p\.?o\.? box"
    r"|via|viale|piazza|corso|calle|avenida|plaza|paseo|straat|laan|plein|weg|jalan"
    r"|jln|jl\.?|lorong|taman|bandar|kampung|kawasan|persiaran|kelurahan|kecamatan"
    r"|rua|ul\.)(?=[\s.,/]|$)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?:@|www\.|https?://)([a-z0-9\-]+(?:\.[a-z0-9\-]+)+)", re.IGNORECASE)
_GREETING = re.compile(r"^(?:an|attn:?|to:?)\s+", re.IGNORECASE)
_TITLE = re.compile(r"(?:herrn?|frau|firma|mr\.?|mrs\.?|ms\.?|mme|madame|monsieur|messrs\.?)", re.IGNORECASE)
_REGISTERS = (
    r"(?:EIN|ACN|ABN|CIN|GSTIN|UEN|REA|RCS|SIRET|SIREN|HRB|HRA|Amtsgericht|Registro Mercantil|KvK|NIPC"
    r"|NIB|ROC|CHE-|Reg\.? ?No)"
)
_REGISTER = re.compile(
    r"\s*[(\[]?\s?\b(?:co(?:mpany)?\.?\s*(?:reg\.?)?\s*no|reg(?:\.|istration)?\s*no|roc)\b.*$"
    rf"|\s+[(\[]?{_REGISTERS}[\s:.]*[\w .-]*\d{{3,}}.*$"
    r"|\s*[(\[][\w\- .:]*\d{4,}[\w\- ]*[)\]]?.*$|\s+\(?\d{5,}\s?-\s?[A-Z]\b.*$",
    re.IGNORECASE,
)
# A name that goes on, or began before: "Miller &", "& Sons".
_OPEN_END = re.compile(r"(?:[&+(,/-]|\b(?:and|und|et|y|e|en|dan|of|the))$", re.IGNORECASE)
_OPEN_START = re.compile(r"(?:[&+)/]|(?:and|und|et|dan)\b)", re.IGNORECASE)
_LOOSE_NO = re.compile(r"\s+(?:br|co|reg)?\.?\s?no\.?\s?:?$", re.IGNORECASE)
_ROLE_HEADINGS = frozenset({"seller_name", "buyer_name", "other_party"})
_PUBLIC_MAIL = frozenset(
    {"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "localhost", "facebook", "t-online"}
)
_SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gov", "edu", "ac", "or", "web"})
MAX_NAME = 80
_TOP_ROWS = 8


def party_candidates(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Possible names of the seller or the buyer of a document."""
    if role not in ("seller_name", "buyer_name"):
        return []
    names = reading.once("names", _names)
    return [
        item for item in names if not item.seen["loose"] and (item.seen["page"] == 1 or item.seen["legal"])
    ]


def company_candidates(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Possible names of the shop on a receipt: lines near the top, also two lines together."""
    if role != "company":
        return []
    return [item for item in reading.once("names", _names) if item.seen["line"] < 14]


def is_contact(text: str) -> bool:
    return _CONTACT.search(text) is not None


def has_postcode(text: str) -> bool:
    return _POSTCODE.search(text) is not None


def has_legal_form(text: str) -> bool:
    """Whether a company's legal form is printed: "GmbH", "Ltd", "Sdn Bhd" …"""
    return any(_counts(found, text) for found in LEGAL.finditer(text))


def domains(text: str) -> set[str]:
    """The owner's parts of web and mail addresses: "aubonmoulin" of "www.aubonmoulin.fr"."""
    owners = (_owner(found.casefold().split(".")) for found in _DOMAIN.findall(text))
    return {owner for owner in owners if len(owner) > 2 and owner not in _PUBLIC_MAIL}


def _owner(parts: list[str]) -> str:
    """The label before the public suffix, which has two parts in "co.uk" and "com.my"."""
    suffix = 2 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVELS else 1
    return parts[-1 - suffix] if len(parts) > suffix else ""


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Folded country names in the languages of most documents here."""
    names = (BabelLocale(language).territories for language in ("en", "de", "fr", "es", "it", "nl", "id"))
    return frozenset(
        fold(name) for territories in names for code, name in territories.items() if code.isalpha()
    )


def _counts(found: re.Match[str], text: str) -> bool:
    word = found.group()
    if _SHORT_FORM.fullmatch(word.replace(" ", "").replace(".", "")):
        at_start = found.start() == 0 and not re.match(r"(?:PT|CV)\b", word)
        return not at_start and (
            word.isupper() or "." in word or (word[:1].isupper() and word[1:2].isupper())
        )
    return True


class _Marks:
    """What a line shows of an address or a contact."""

    __slots__ = ("contact", "postcode", "street")

    def __init__(self, text: str) -> None:
        self.street = STREET.search(text) is not None
        self.postcode = has_postcode(text)
        self.contact = is_contact(text)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is counted once for all names of a document."""

    counts: Counter[str]
    sites: set[str]
    marks: dict[Segment, _Marks]


def _names(reading: Reading) -> list[Candidate]:
    made = [name_at(reading, (span,)) for span in _spans(reading) if _is_name(span.raw)]
    made += [name_at(reading, pair, loose=loose) for pair, loose in _pairs(reading)]
    return [item for item in made if item.value]


def _spans(reading: Reading) -> list[Span]:
    return [span for page in _name_pages(reading) for segment in page.segments for span in _parts(segment)]


def _counted(reading: Reading) -> _Around:
    counts = Counter(_key(span.raw) for span in _spans(reading))
    marks = {segment: _Marks(segment.text) for page in _name_pages(reading) for segment in page.segments}
    return _Around(counts, domains(reading.text), marks)


def _name_pages(reading: Reading) -> Iterable[PageLayout]:
    """The first page and the last: names of the parties stand on the first, in a footer, or at the end."""
    pages = reading.layout.pages
    return pages if len(pages) <= 2 else (pages[0], pages[-1])


def _parts(segment: Segment) -> Iterable[Span]:
    """A line as a whole after its label, and its first part when it lists a name and an address."""
    start = _value_start(segment)
    rest = segment.text[start:]
    cut = _SPLIT.search(rest)
    if cut and cut.start() >= 3:
        yield Span(segment, start, start + cut.start())
    if not cut or has_legal_form(rest):
        yield Span(segment, start, len(segment.text))


def _value_start(segment: Segment) -> int:
    found = re.match(r"[^:]{2,40}\s?:\s*(?=\S)|^[\s:>]+", segment.text)
    return found.end() if found else 0


def _pairs(reading: Reading) -> Iterable[tuple[tuple[Span, ...], bool]]:
    """Names broken over two or three rows of the first page, and whether only their place says so.

    Elsewhere a lower row must bring the legal form or end the upper one; at the top any joined rows may.
    """
    rows = reading.layout.pages[0].rows if reading.layout.pages else ()
    for number, upper_row in enumerate(rows[:-1]):
        for upper, lower in product(upper_row, rows[number + 1]):
            if not _joins(upper, lower):
                continue
            pair = (Span(upper, _value_start(upper), len(upper.text)), Span(lower, 0, len(lower.text)))
            loose = not _continues(upper, lower)
            top = number < _TOP_ROWS and _is_name(upper.text) and not is_contact(lower.text)
            if not loose or top:
                yield pair, loose
            for third in rows[number + 2] if number + 2 < len(rows) else ():
                tail = _joins(lower, third) and _continues(lower, third)
                if tail and _is_name(upper.text):
                    yield (*pair, Span(third, 0, len(third.text))), loose and not top


def _joins(upper: Segment, lower: Segment) -> bool:
    """Whether two lines of like height stand right under each other, with the same left end or middle."""
    tight = lower.y0 - upper.y1 < 1.3 * upper.height and 0.6 < lower.height / max(upper.height, 0.1) < 1.7
    return tight and (abs(lower.x0 - upper.x0) < 6 or abs(lower.x0 + lower.x1 - upper.x0 - upper.x1) < 40)


def _continues(upper: Segment, lower: Segment) -> bool:
    if not _joins(upper, lower):
        return False
    if _TITLE.fullmatch(upper.text.strip()) or re.search(
        r"(?:&|\+|\band|\bund|\bet)$", upper.text.casefold()
    ):
        return _is_name(lower.text)
    if has_legal_form(lower.text) and len(_bare(lower.text)) < 2:
        return _is_name(upper.text)
    named = has_legal_form(lower.text) and _is_name(upper.text) and not has_legal_form(upper.text)
    return named and not any(char.isdigit() for char in upper.text + lower.text[:3])


def name_at(reading: Reading, spans: tuple[Span, ...], *, loose: bool = False) -> Candidate:
    """The candidate that lines of the first or the last page make, whether they look like a name or not."""
    around = reading.once("names_around", _counted)
    raw = " ".join(span.raw.strip() for span in spans)
    value = _clean(raw)
    segment = spans[0].segment
    page = reading.layout.by_number[segment.page]
    below = [around.marks[other] for other in _aligned_below(page, segment, 7)]
    repeats = around.counts[_key(value)]
    seen = {
        "page": float(segment.page),
        "line": float(segment.row),
        "top": 1 - min(segment.y0 / max(page.height, 1.0), 1.0),
        "footer": 1.0 if segment.y0 > 0.82 * page.height else 0.0,
        "tall": min(segment.height / max(page.letter, 1.0), 2.5) - 1,
        "legal": 1.0 if has_legal_form(value) else 0.0,
        "repeats": float(min(repeats, 4) - 1) if repeats else 0.0,
        "site": _site_likeness(value, around.sites),
        "pair": 1.0 if len(spans) > 1 else 0.0,
        "whole_pair": 1.0 if len(spans) > 1 and _is_whole(spans[-1].raw) else 0.0,
        "form_below": 1.0 if len(spans) > 1 and len(_bare(spans[-1].raw)) < 2 else 0.0,
        "loose": 1.0 if loose else 0.0,
        "open_end": 1.0 if _OPEN_END.search(value) else 0.0,
        "open_start": 1.0 if _OPEN_START.match(value) else 0.0,
        "unbalanced": 1.0 if value.count("(") != value.count(")") else 0.0,
        "triple": 1.0 if len(spans) > 2 else 0.0,
        **_form_near(page, spans),
        "country": 1.0 if fold(value) in countries() else 0.0,
        "address_like": 1.0 if STREET.search(value) or has_postcode(value) else 0.0,
        "starts_with_digit": 1.0 if value[:1].isdigit() else 0.0,
        "address_below": _address_share([around.marks[segment], *below[:4]]),
        "contact_below": 1.0 if any(mark.contact for mark in below) else 0.0,
        "left_half": 1.0 if segment.x0 < 0.4 * page.width else 0.0,
        "words": float(len(value.split())),
        "label_like": _label_share(reading, spans[0]),
        "digits": sum(char.isdigit() for char in value) / max(len(value), 1),
        **_section(reading, segment, page),
    }
    return Candidate("party", value, raw, spans, seen=seen)


def _form_near(page: PageLayout, spans: tuple[Span, ...]) -> dict[str, float]:
    """Whether the rows right above or below hold a legal form, a registration, or the name going on."""
    first, last = spans[0].segment, spans[-1].segment
    above = page.rows[first.row - 1] if first.row else ()
    below = page.rows[last.row + 1] if last.row + 1 < len(page.rows) else ()
    return {
        "form_above": 1.0 if any(has_legal_form(other.text) for other in above) else 0.0,
        "form_under": 1.0 if any(has_legal_form(other.text) for other in below) else 0.0,
        "register_under": 1.0 if any(_REGISTER.search(f" {other.text}") for other in below) else 0.0,
        "bare_form_under": 1.0 if any(_is_bare_form(other.text) for other in below) else 0.0,
        "joined_above": 1.0 if any(_joins(other, first) for other in above) else 0.0,
        "joined_below": 1.0 if any(_joins(last, other) for other in below) else 0.0,
    }


def _is_bare_form(text: str) -> bool:
    return has_legal_form(text) and len(_bare(text)) < 2


def _section(reading: Reading, segment: Segment, page: PageLayout) -> dict[str, float]:
    """Which party's heading stands over the line and how near: 1 right under it, falling to 0."""
    label = reading.labels.heading_above(segment, _ROLE_HEADINGS, limit=12 * page.letter)
    if label is None:
        return {}
    rows = segment.row - label.segment.row
    return {f"under_{label.role}": max(0.25, 1.0 - 0.12 * max(rows - 1, 0))}


def _clean(raw: str) -> str:
    text = _REGISTER.sub("", " ".join(raw.split()))
    text = _LOOSE_NO.sub("", _GREETING.sub("", text))
    return text.strip(" :;,-–|•●·*")[:MAX_NAME]


def _is_name(raw: str) -> bool:
    text = _clean(raw)
    if raw.rstrip().endswith(":") or _TITLE.fullmatch(text) or len(_bare(text)) < 2:
        return False
    letters = sum(char.isalpha() for char in text)
    if letters < 3 or len(text) > MAX_NAME + 30 or letters < 0.5 * len(text.replace(" ", "")):
        return False
    return not is_contact(text) and len(text.split()) <= 10


def _bare(text: str) -> str:
    """The letters of a name without its legal form."""
    return "".join(char for char in LEGAL.sub(" ", text) if char.isalpha())


def _is_whole(text: str) -> bool:
    """A line that is a company's full name by itself, not the end of one."""
    return has_legal_form(text) and len(_bare(text)) > 5


def _label_share(reading: Reading, span: Span) -> float:
    labels = reading.labels.by_segment.get(span.segment, ())
    inside = [label for label in labels if span.start <= label.start < span.end and label.weight >= 0.4]
    covered = {at for label in inside for at in range(label.start, label.end)}
    return min(1.0, len(covered) / max(len(span.raw), 1))


def _address_share(lines: list[_Marks]) -> float:
    """1 when the lines hold a street and a postcode, half for one of the two."""
    return 0.5 * any(line.street for line in lines) + 0.5 * any(line.postcode for line in lines)


def _aligned_below(page: PageLayout, segment: Segment, rows: int) -> list[Segment]:
    under = [other for row in page.rows[segment.row + 1 : segment.row + 1 + 2 * rows] for other in row]
    aligned = [
        other
        for other in under
        if abs(other.x0 - segment.x0) < 8 or abs(_centre(other) - _centre(segment)) < 12
    ]
    return aligned[:rows]


def _centre(segment: Segment) -> float:
    return (segment.x0 + segment.x1) / 2


def _site_likeness(value: str, sites: set[str]) -> float:
    key = re.sub(r"[\W_]", "", fold(value))
    best = max((fuzz.partial_ratio(key, site.replace("-", "")) for site in sites), default=0.0)
    return 1.0 if best >= 85 and len(key) >= 4 else 0.0


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(_clean(text)))
