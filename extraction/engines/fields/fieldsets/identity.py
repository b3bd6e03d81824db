"""Papers about persons: identity cards, passport, family card, licences, certificates."""

from __future__ import annotations

from .base import Known, known

GENDERS = ("LAKI-LAKI", "PEREMPUAN")
RELIGIONS = ("ISLAM", "KRISTEN", "KATOLIK", "HINDU", "BUDDHA", "KONGHUCU")
MARITAL = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")

_PLACE_OF_BIRTH = known(
    "place_of_birth",
    "Place of birth",
    "string",
    "place of birth|birthplace|geburtsort|geburtstag und ort|lieu de naissance|lugar de nacimiento"
    "|luogo di nascita|luogo e data di nascita|geboorteplaats|tempat lahir|tempat tgl lahir"
    "|tempat tanggal lahir|tempat dan tanggal lahir|tempat lahir tgl lahir|tempat lahir place of birth",
)
_DATE_OF_BIRTH = known(
    "date_of_birth",
    "Date of birth",
    "date",
    "date of birth|birth date|birthdate|born|born on|dob|geburtsdatum|geburtstag|geboren am"
    "|geburtstag und ort"
    "|date de naissance|ne le|nee le|fecha de nacimiento|data di nascita|nato il|nata il"
    "|luogo e data di nascita|geboortedatum|tanggal lahir|tgl lahir|tempat tgl lahir|tempat tanggal lahir"
    "|tempat dan tanggal lahir|tarikh lahir|tempat lahir tgl lahir",
)
_NATIONALITY = known(
    "nationality",
    "Nationality",
    "string",
    "nationality|citizenship|staatsangehorigkeit|nationalite|nacionalidad|cittadinanza|nationaliteit"
    "|kewarganegaraan|warganegara",
)
_ADDRESS = known(
    "address",
    "Address",
    "string",
    "address|residence|adresse|anschrift|wohnort|domicile|domicilio|indirizzo|residenza|adres"
    "|woonplaats|alamat",
)
_OCCUPATION = known(
    "occupation", "Occupation", "string", "occupation|profession|beruf|profesion|pekerjaan|jenis pekerjaan"
)
_RELIGION = known("religion", "Religion", "enum", "religion|agama", values=RELIGIONS)
_MARITAL = known(
    "marital_status",
    "Marital status",
    "enum",
    "marital status|status perkawinan|status kawin|status pernikahan",
    values=MARITAL,
)
_GENDER_ID = known(
    "gender", "Gender", "enum", "jenis kelamin|kelamin|sex|gender|jenis kelamin sex", values=GENDERS
)
_ISSUE_DATE = known(
    "issue_date",
    "Issue date",
    "date",
    "date of issue|issue date|issued on|issued|date issued|ausstellungsdatum|ausgestellt am"
    "|date de delivrance|delivre le|fecha de expedicion|fecha de emision|data di rilascio|data rilascio"
    "|datum van afgifte|afgiftedatum|tanggal dikeluarkan|tgl dikeluarkan|dikeluarkan tanggal"
    "|tanggal pengeluaran|tgl pengeluaran|tanggal terbit|tarikh dikeluarkan",
)
_EXPIRY_DATE = known(
    "expiry_date",
    "Expiry date",
    "date",
    "date of expiry|expiry date|expiration date|expires|expires on|valid until|valid to|date of expiration"
    "|gultig bis|ablaufdatum|date d expiration|expire le|valable jusqu au|fecha de caducidad"
    "|fecha de vencimiento|valido hasta|data di scadenza|scadenza|geldig tot|vervaldatum"
    "|berlaku hingga|berlaku sampai|habis berlaku|tgl habis berlaku|tanggal habis berlaku|tarikh luput",
)
_AUTHORITY = known(
    "issuing_authority",
    "Issuing authority",
    "string",
    "authority|issuing authority|issuing office|issued by|behorde|ausstellende behorde|autorite"
    "|autoridad|autorita|autoriteit|instantie|kantor yang mengeluarkan|diterbitkan oleh|dikeluarkan oleh",
)
_SURNAME = known(
    "surname",
    "Surname",
    "string",
    "surname|last name|family name|name|nachname|familienname|nom|apellidos|apellido|cognome|achternaam"
    "|naam|nama keluarga",
)
_GIVEN_NAMES = known(
    "given_names",
    "Given names",
    "string",
    "given names|given name|first name|first names|forename|forenames|vornamen|vorname|prenoms|prenom"
    "|nombres|nombre|nome|nomi|voornamen|voornaam|nama depan",
)
_SEX = known(
    "gender", "Sex", "enum", "sex|gender|geschlecht|sexe|sexo|sesso|geslacht|jenis kelamin|kelamin",
    values=("M", "F", "X"),
)  # fmt: skip

KTP: tuple[Known, ...] = (
    known("nik", "NIK", "string", "nik|nomor induk kependudukan|no ktp", required=True),
    known("full_name", "Full name", "string", "nama|nama lengkap|full name|name", required=True),
    _PLACE_OF_BIRTH,
    _DATE_OF_BIRTH,
    _GENDER_ID,
    known(
        "blood_type", "Blood type", "string", "gol darah|golongan darah|blood type", regex=r"(A|B|AB|O)?[+-]?"
    ),
    _ADDRESS,
    known("rt_rw", "RT/RW", "string", "rt rw", regex=r"\d{1,3}\s?/\s?\d{1,3}"),
    known(
        "kelurahan", "Village (kelurahan)", "string", "kel desa|kelurahan desa|desa kelurahan|kelurahan|desa"
    ),
    known("kecamatan", "District (kecamatan)", "string", "kecamatan"),
    _RELIGION,
    _MARITAL,
    _OCCUPATION,
    _NATIONALITY,
    known("valid_until", "Valid until", "string", "berlaku hingga|berlaku sampai|valid until"),
    _ISSUE_DATE,
)
NPWP: tuple[Known, ...] = (
    known("npwp_number", "NPWP", "string", "npwp|nomor npwp|no npwp|nomor pokok wajib pajak", required=True),
    known("name", "Name", "string", "nama|nama wajib pajak|name", required=True),
    known("nik", "NIK", "string", "nik|nomor induk kependudukan"),
    _ADDRESS,
    known(
        "registered_at",
        "Registered on",
        "date",
        "terdaftar|tanggal terdaftar|tgl terdaftar|terdaftar tanggal|terdaftar sejak|registered"
        "|registered on",
    ),
    known("kpp_code", "Tax office", "string", "kpp|kpp pratama|kode kpp|kantor pelayanan pajak"),
)
_MEMBER = (
    known("full_name", "Full name", "string", "nama lengkap|nama|full name|name"),
    known("nik", "NIK", "string", "nik|nomor induk kependudukan|no nik"),
    known("gender", "Gender", "enum", "jenis kelamin|kelamin|j kelamin|gender|sex", values=GENDERS),
    known("place_of_birth", "Place of birth", "string", "tempat lahir|place of birth"),
    known(
        "date_of_birth", "Date of birth", "date", "tanggal lahir|tgl lahir|tgl bln thn lahir|date of birth"
    ),
    known("religion", "Religion", "string", "agama|religion"),
    known("education", "Education", "string", "pendidikan|pendidikan terakhir|education"),
    known("occupation", "Occupation", "string", "jenis pekerjaan|pekerjaan|occupation"),
    known("marital_status", "Marital status", "string", "status perkawinan|status pernikahan|status kawin"),
    known(
        "relationship",
        "Relationship",
        "string",
        "status hubungan dalam keluarga|hubungan keluarga|status hubungan|hubungan dalam keluarga"
        "|shdk|hubungan",
    ),
    known("nationality", "Nationality", "string", "kewarganegaraan|warga negara|nationality"),
    known("father", "Father", "string", "nama ayah|ayah|father"),
    known("mother", "Mother", "string", "nama ibu|ibu|mother"),
)
KARTU_KELUARGA: tuple[Known, ...] = (
    known(
        "family_card_number",
        "Family card number",
        "string",
        "no kk|nomor kk|no kartu keluarga|nomor kartu keluarga",
        required=True,
    ),
    known(
        "head_of_family",
        "Head of family",
        "string",
        "nama kepala keluarga|kepala keluarga|nama kk",
        required=True,
    ),
    _ADDRESS,
    known("rt_rw", "RT/RW", "string", "rt rw", regex=r"\d{1,3}\s?/\s?\d{1,3}"),
    known(
        "kelurahan", "Village (kelurahan)", "string", "desa kelurahan|kelurahan desa|kel desa|kelurahan|desa"
    ),
    known("kecamatan", "District (kecamatan)", "string", "kecamatan"),
    known("city", "City or regency", "string", "kabupaten kota|kota kabupaten|kab kota|kabupaten|kota"),
    known("province", "Province", "string", "provinsi|propinsi"),
    known("postal_code", "Postal code", "string", "kode pos", regex=r"\d{5}"),
    known("issue_date", "Issue date", "date", "dikeluarkan tanggal|tanggal dikeluarkan|tgl dikeluarkan"),
    known("members", "Members", "array", items=_MEMBER, required=True),
)
PASSPORT: tuple[Known, ...] = (
    known(
        "passport_number",
        "Passport number",
        "string",
        "passport no|passport number|passport nr|document no|document number|no of passport|pass nr"
        "|passnummer|reisepass nr|n du passeport|passeport n|numero de passeport|pasaporte n"
        "|numero de pasaporte|passaporto n|numero passaporto|paspoortnummer|no paspor|nomor paspor"
        "|no pasport",
        required=True,
    ),
    _SURNAME,
    _GIVEN_NAMES,
    known("full_name", "Full name", "string", "full name|nama lengkap|name in full", required=True),
    _NATIONALITY,
    known(
        "country_code",
        "Issuing country",
        "string",
        "country code|code of issuing state|issuing state|code|staat|code du pays|codigo de pais|codice paese"
        "|landcode|kode negara",
    ),
    _DATE_OF_BIRTH,
    _PLACE_OF_BIRTH,
    _SEX,
    _ISSUE_DATE,
    _EXPIRY_DATE,
    _AUTHORITY,
    known(
        "personal_number",
        "Personal number",
        "string",
        "personal no|personal number|personal id no|numero personal|numero personnel|persoonsnummer|no reg",
    ),
    known("mrz", "Machine-readable zone", "string"),
)
IDENTITY_DOCUMENT: tuple[Known, ...] = (
    known(
        "document_number",
        "Document number",
        "string",
        "document no|document number|card no|card number|id no|id number|identity card no|identity no"
        "|ausweisnummer|ausweis nr|personalausweis nr|seriennummer|numero de carte|n de carte"
        "|numero del documento|num soport|numero documento|carta n|documentnummer|nomor identitas"
        "|no identitas"
        "|no kad pengenalan|no kartu",
        required=True,
    ),
    _SURNAME,
    _GIVEN_NAMES,
    known("full_name", "Full name", "string", "full name|nama lengkap|name in full"),
    _NATIONALITY,
    _DATE_OF_BIRTH,
    _PLACE_OF_BIRTH,
    _SEX,
    _ADDRESS,
    _ISSUE_DATE,
    _EXPIRY_DATE,
    _AUTHORITY,
    known("mrz", "Machine-readable zone", "string"),
)
SIM: tuple[Known, ...] = (
    known(
        "license_number",
        "Licence number",
        "string",
        "no sim|nomor sim|sim no|licence no|license no|driving licence no|licence number|license number|dl no"
        "|fuhrerscheinnummer|fuhrerschein nr|numero de permis|permiso n|patente n|rijbewijsnummer|nomor|no",
        required=True,
    ),
    known("full_name", "Full name", "string", "nama|nama lengkap|full name|name", required=True),
    _PLACE_OF_BIRTH,
    _DATE_OF_BIRTH,
    known("gender", "Gender", "string", "jenis kelamin|kelamin|sex|gender"),
    _ADDRESS,
    _OCCUPATION,
    known("license_class", "Class", "string", "golongan|gol sim|jenis sim|class|categories|klasse|categorie"),
    _ISSUE_DATE,
    _EXPIRY_DATE,
)
NIB: tuple[Known, ...] = (
    known("nib_number", "NIB", "string", "nomor induk berusaha|nib|nomor induk berusaha nib", required=True),
    known("company_name", "Company", "string", "nama pelaku usaha|nama perusahaan|nama|pelaku usaha"),
    known("npwp", "NPWP", "string", "npwp|nomor npwp"),
    known("address", "Address", "string", "alamat kantor|alamat perusahaan|alamat"),
    known("kbli", "KBLI code", "string", "kbli|kode kbli", regex=r"\d{5}"),
    known("phone", "Telephone", "string", "no telepon|nomor telepon|telepon"),
    known(
        "issue_date", "Issue date", "date", "diterbitkan tanggal|tanggal terbit|tanggal penerbitan|tanggal"
    ),
)
BPKB: tuple[Known, ...] = (
    known("bpkb_number", "BPKB number", "string", "no bpkb|nomor bpkb", required=True),
    known("owner_name", "Owner", "string", "nama pemilik|nama"),
    _ADDRESS,
    known("plate_number", "Plate number", "string", "nomor registrasi|no polisi|nomor polisi|no registrasi"),
    known("brand", "Brand", "string", "merek|merk"),
    known("model", "Type", "string", "tipe|type"),
    known("year", "Year built", "integer", "tahun pembuatan|tahun perakitan|tahun"),
    known("color", "Colour", "string", "warna"),
    known("chassis_number", "Chassis number", "string", "nomor rangka|no rangka"),
    known("engine_number", "Engine number", "string", "nomor mesin|no mesin"),
)
AKTA_LAHIR: tuple[Known, ...] = (
    known("certificate_number", "Certificate number", "string",
          "akta kelahiran nomor|nomor akta|no akta|akta nomor", required=True),
    known("full_name", "Name", "string", "nama|telah lahir|nama lengkap"),
    known("place_of_birth", "Place of birth", "string", "tempat lahir|bahwa di"),
    known("date_of_birth", "Date of birth", "date", "pada tanggal|tanggal lahir|tanggal"),
    known("father", "Father", "string", "ayah|nama ayah"),
    known("mother", "Mother", "string", "ibu|nama ibu"),
    known("issue_date", "Issue date", "date", "dikeluarkan di|kutipan ini dikeluarkan|dikeluarkan tanggal"),
)  # fmt: skip
SURAT_NIKAH: tuple[Known, ...] = (
    known("certificate_number", "Certificate number", "string",
          "nomor akta nikah|akta nikah nomor|nomor akta|no akta|nomor", required=True),
    known("husband_name", "Husband", "string", "nama suami|suami"),
    known("wife_name", "Wife", "string", "nama istri|istri|isteri"),
    known("marriage_date", "Date of marriage", "date", "pada hari|tanggal nikah|tanggal akad|pada tanggal"),
    known("place", "Place", "string", "kua|kantor urusan agama|kecamatan|tempat"),
    known("guardian", "Guardian", "string", "wali nikah|wali"),
)  # fmt: skip

IDENTITY: dict[str, tuple[Known, ...]] = {
    "ktp": KTP,
    "npwp": NPWP,
    "kartu_keluarga": KARTU_KELUARGA,
    "passport": PASSPORT,
    "identity_document": IDENTITY_DOCUMENT,
    "sim": SIM,
    "nib": NIB,
    "bpkb": BPKB,
    "akta_lahir": AKTA_LAHIR,
    "surat_nikah": SURAT_NIKAH,
}
