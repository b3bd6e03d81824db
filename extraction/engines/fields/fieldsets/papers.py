"""Papers of prose: contract, letter, report."""

from __future__ import annotations

from .base import Known, known

CONTRACT: tuple[Known, ...] = (
    known("title", "Title"),
    known("parties", "Parties", "array", required=True),
    known(
        "effective_date",
        "Effective date",
        "date",
        "effective date|effective as of|effective|with effect from|dated|dated as of|made as of|made on"
        "|entered into as of|entered into on|made and entered into as of|commencement date|start date|as of"
        "|wirksam ab|in kraft ab|vertragsbeginn|beginnt am|beginn|mit wirkung zum|date d effet"
        "|date d entree en vigueur|prend effet le|a compter du|fecha de entrada en vigor|con efectos desde"
        "|data di decorrenza|decorrenza|con decorrenza dal|ingangsdatum|met ingang van|tanggal berlaku"
        "|berlaku sejak|pada tanggal|mulai berlaku|terhitung sejak",
    ),
    known(
        "end_date",
        "End date",
        "date",
        "end date|expires on|expiration date|termination date|until|endet am|vertragsende|befristet bis"
        "|date de fin|date d expiration|fecha de finalizacion|data di scadenza|einddatum|berakhir pada"
        "|berakhir tanggal|sampai dengan tanggal",
    ),
    known("jurisdiction", "Governing law"),
    known("term", "Term"),
    known(
        "contract_number",
        "Contract number",
        "string",
        "contract number|contract no|agreement no|agreement number|vertragsnummer|vertrags nr|vertrag nr"
        "|numero de contrat|contrat n|contrato n|numero de contrato|contratto n|numero contratto"
        "|contractnummer|nomor perjanjian|no perjanjian|nomor kontrak|no kontrak|nomor",
    ),
    known(
        "value",
        "Contract value",
        "currency",
        "contract value|contract price|total price|fee|monthly rent|rent|salary|vergutung|miete|kaufpreis"
        "|montant|loyer|prix|precio|renta|corrispettivo|canone|huurprijs|nilai kontrak|nilai perjanjian"
        "|harga sewa|upah",
    ),
)
LETTER: tuple[Known, ...] = (
    known(
        "sender_name",
        "Sender",
        "string",
        "from|sender|absender|von|expediteur|remitente|mittente|afzender|dari|pengirim",
    ),
    known(
        "recipient_name",
        "Recipient",
        "string",
        "to|recipient|attention|attn|empfanger|a l attention de|destinataire|destinatario|aan|kepada"
        "|kepada yth|yth",
    ),
    known("date", "Date", "date"),
    known(
        "subject",
        "Subject",
        "string",
        "subject|re|regarding|reference|betreff|betr|objet|asunto|oggetto|onderwerp|betreft|perihal|hal",
    ),
    known(
        "reference",
        "Reference",
        "string",
        "our ref|your ref|ref|reference no|unser zeichen|ihr zeichen|aktenzeichen|az|geschaftszeichen"
        "|nos references|vos references|reference|n ref|referencia|riferimento|kenmerk|ons kenmerk|uw kenmerk"
        "|nomor|no|nomor surat",
    ),
)
REPORT: tuple[Known, ...] = (
    known("title", "Title"),
    known(
        "author",
        "Author",
        "string",
        "author|authors|prepared by|written by|autor|verfasser|verfasst von|erstellt von|auteur|redige par"
        "|autor|elaborado por|autore|a cura di|opgesteld door|penulis|disusun oleh",
    ),
    known("date", "Date", "date"),
    known(
        "organization",
        "Organisation",
        "string",
        "organisation|organization|prepared for|institution|company|organisme|organizacion|ente"
        "|instansi|lembaga",
    ),
)

PAPERS: dict[str, tuple[Known, ...]] = {"contract": CONTRACT, "letter": LETTER, "report": REPORT}
