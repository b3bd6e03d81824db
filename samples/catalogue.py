"""The pools that the invented firms, people and goods are drawn from.

Telephone numbers lie in the ranges that regulators keep free for fiction, domains end in `.example`.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from samples.words import Language

Goods = tuple[str, str, int, int]
"""Text, unit, lowest and highest price."""


@dataclass(frozen=True, slots=True)
class Country:
    """How firms of one country are called, reached, registered and taxed (`rate` in percent)."""

    country: str
    currency: str
    rate: int
    numbering: str
    phone: str
    register: str
    street: str
    roots: tuple[str, ...]
    trades: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    banks: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


COUNTRIES = {
    "GB": Country(
        country="United Kingdom",
        currency="GBP",
        rate=20,
        numbering="INV-{year}-{serial:04d}",
        phone="020 7946 0{}",
        register="Registered in England and Wales no. 14{serial}",
        street="{house} {name}",
        roots=("Pellabourne", "Quillmarsh", "Thrandle", "Wexhollow", "Maddlecote", "Orrinshaw", "Tuvesby"),
        trades=("Office Supply Ltd", "Facilities Ltd", "Print & Bindery Ltd", "Archive Services Ltd"),
        streets=("Lantern Row", "Cooper's Wharf", "Saltgate Lane", "Millrace Road", "Fuller's Yard"),
        cities=("Norwich NR3 1QX", "Leeds LS11 9ZQ", "Bristol BS2 0QZ", "York YO1 9QX", "Exeter EX4 3QZ"),
        banks=("Severn & Tyne Bank", "Fenland Mutual Bank", "Albion Counties Bank"),
        first_names=("Imogen", "Rupert", "Della", "Owain", "Priya"),
        last_names=("Tarrowby", "Kesterwood", "Applemarsh", "Dunnifer", "Vosk"),
    ),
    "IE": Country(
        country="Ireland",
        currency="EUR",
        rate=23,
        numbering="{year}-{serial:05d}",
        phone="020 915 5{}",
        register="Registered in Ireland no. {serial}",
        street="{house} {name}",
        roots=("Ballyquern", "Glenarvish", "Tullamarrow", "Kildervan", "Corrafinn", "Dromlisk"),
        trades=("Workspace Ltd", "Stationers Ltd", "Fitout & Supply Ltd", "Office Systems DAC"),
        streets=("Harbour Parade", "Weaver Street", "Ropewalk Lane", "Custom Quay", "Granary Street"),
        cities=("Cork T12 Q9X0", "Galway H91 Q0X9", "Limerick V94 Q9X2", "Dublin D08 Q9X1"),
        banks=("Shannon Mercantile Bank", "Four Provinces Bank", "Corrib Savings Bank"),
        first_names=("Niamh", "Cormac", "Saoirse", "Declan", "Aoife"),
        last_names=("Tarrahan", "McQuorry", "O'Lennick", "Brannoughty"),
    ),
    "DE": Country(
        country="Deutschland",
        currency="EUR",
        rate=19,
        numbering="RE-{year}-{serial:05d}",
        phone="030 23125-{}",
        register="Amtsgericht {town}, HRB {serial} B",
        street="{name} {house}",
        roots=("Quendelmann", "Ferrlach", "Wolkrath", "Trögelbach", "Zwirnhagen", "Immerstätt", "Söhrwald"),
        trades=("Messtechnik GmbH", "Bürotechnik GmbH", "Gebäudedienste GmbH", "Lagertechnik GmbH & Co. KG"),
        streets=("Am Gänsewehr", "Kupferstraße", "Lindenrain", "Alte Werftstraße", "Bei der Ölmühle"),
        cities=("10997 Berlin", "28195 Bremen", "90402 Nürnberg", "04109 Leipzig", "70173 Stuttgart"),
        banks=("Handelsbank Oderland", "Gewerbekasse Weserbogen", "Privatbank Rhönfeld"),
        first_names=("Annika", "Jörg", "Mareike", "Tilman", "Käthe"),
        last_names=("Vogtlaender", "Brömmelkamp", "Ziesenfuß", "Harmswarth", "Kräuterlein"),
    ),
    "FR": Country(
        country="France",
        currency="EUR",
        rate=20,
        numbering="F{year}-{serial:04d}",
        phone="01 99 00 {0[0]}{0[1]} {0[2]}4",
        register="RCS {town} {siren}",
        street="{house}, {name}",
        roots=("Brévanelle", "Ormesanne", "Quérignac", "Vaucorbelle", "Tressandier", "Hautmarais"),
        trades=("Conseil SARL", "Aménagement SAS", "Imprimerie SARL", "Maintenance SAS"),
        streets=("rue des Tisserands", "quai de l’Écluse", "allée du Vieux Moulin", "place aux Herbes"),
        cities=("69007 Lyon", "35000 Rennes", "31000 Toulouse", "67000 Strasbourg", "44000 Nantes"),
        banks=("Banque du Val Doré", "Caisse des Trois Rivières", "Crédit d’Armorance"),
        first_names=("Élodie", "Gaëtan", "Maëlle", "Théophile", "Inès"),
        last_names=("Lambrisse", "Courvallier", "Dessoleux", "Pontarmel", "Fleurigand"),
    ),
}

Stock = tuple[str, tuple[str, ...], str, int, int]
"""Text, variants, unit, lowest and highest price."""

STOCK: dict[Language, tuple[Stock, ...]] = {
    "en": (
        ("Archive box, acid-free", ("A4", "A3", "foolscap", "map size"), "pcs", 3, 7),
        ("Box file", ("grey", "blue", "green", "black"), "pcs", 2, 6),
        ("Copy paper 80 gsm", ("A4", "A3", "A4 recycled", "A4 punched"), "ream", 4, 8),
        ("Suspension folders, 25 pack", ("A4", "foolscap", "A4 wide base"), "pack", 9, 19),
        ("Toner cartridge", ("black", "cyan", "magenta", "yellow"), "pcs", 48, 96),
        ("Desk lamp, dimmable", ("white", "graphite", "brass"), "pcs", 29, 79),
        ("Label roll", ("29 mm", "38 mm", "62 mm", "102 mm"), "roll", 5, 12),
        ("Monitor arm", ("single", "double", "wall mount"), "pcs", 59, 129),
        ("Whiteboard markers", ("set of 4", "set of 8", "refill ink"), "set", 4, 9),
        ("Envelopes, box of 500", ("C5", "DL", "DL window", "C4 gusset"), "box", 14, 38),
    ),
    "de": (
        ("Aktenordner A4", ("50 mm, grau", "80 mm, grau", "80 mm, blau"), "Stk.", 2, 6),
        ("Registraturkarton", ("naturbraun", "weiß", "säurefrei"), "Stk.", 3, 8),
        ("Schubladenschrank", ("3 Schübe", "5 Schübe", "7 Schübe"), "Stk.", 119, 289),
        ("Etikettenrolle", ("29 mm", "62 mm", "102 mm"), "Rolle", 5, 12),
        ("Temperaturfühler Pt100", ("100 mm", "250 mm", "mit Kabel"), "Stk.", 38, 92),
        ("Schutzhandschuhe", ("Größe M", "Größe L", "Größe XL"), "Paar", 3, 9),
    ),
    "fr": (
        ("Boîte d’archives, dos 10 cm", ("kraft", "blanche", "sans acide"), "pce", 3, 8),
        ("Papier 80 g", ("A4", "A3", "A4 recyclé"), "rame", 4, 9),
        ("Chemises à rabats, lot de 10", ("bleu", "rouge", "assorties"), "lot", 6, 14),
        ("Lampe de bureau", ("laiton", "graphite"), "pce", 29, 84),
        ("Carnet relié", ("96 pages", "160 pages", "ligné"), "pce", 6, 15),
    ),
}
SERVICES: dict[Language, tuple[Goods, ...]] = {
    "en": (
        ("Delivery and unloading, ground floor", "flat", 18, 45),
        ("On-site installation", "h", 42, 68),
        ("Confidential shredding, sealed bin", "bin", 24, 39),
        ("Monthly storage, 40 linear metres", "month", 90, 160),
    ),
    "de": (
        ("Montage und Einweisung vor Ort", "Std.", 58, 89),
        ("Kalibrierung mit Werkskalibrierschein", "Stk.", 64, 118),
        ("Anfahrt und Rüstzeit, pauschal", "psch.", 45, 95),
        ("Wartungspauschale laufender Monat", "psch.", 180, 420),
    ),
    "fr": (
        ("Livraison et mise en place", "forfait", 35, 90),
        ("Conseil en classement et archivage", "h", 68, 115),
        ("Entretien mensuel des locaux", "forfait", 280, 620),
        ("Numérisation de plans, format A1", "pce", 4, 11),
    ),
}
BY_THE_HOUR = ("h", "Std.")
FLAT_RATES = ("flat", "psch.", "forfait", "month")


def goods(language: Language) -> list[Goods]:
    """All that an invoice in `language` can list: each article in each variant, and the services."""
    articles = [
        (f"{text}, {variant}", unit, low, high)
        for text, variants, unit, low, high in STOCK[language]
        for variant in variants
    ]
    return [*articles, *SERVICES[language]]


def amount_of(rng: random.Random, unit: str) -> Decimal:
    """How much of it: one flat rate, half hours of work, otherwise whole pieces."""
    if unit in FLAT_RATES:
        return Decimal(1)
    if unit in BY_THE_HOUR:
        return Decimal(rng.randrange(3, 17)) / 2
    return Decimal(rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24)))


def ascii_name(name: str) -> str:
    """A firm's name as its domain spells it."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
