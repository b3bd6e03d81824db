"""The way of a document, read in one place.

Each entry: dotted name of the stage, the queue it needs, the word that people and the API see while it runs.
A stage is a function `(document_id, attempt) -> None` that replaces its own results.
"""

from .env import env_bool, env_list, env_str

PIPELINE: list[tuple[str, str, str]] = [
    ("extraction.stages.parse", "cpu", "parsing"),
    ("extraction.stages.render", "cpu", "converting"),
    ("extraction.stages.figures", "cpu", "figures"),
    ("extraction.stages.attachments", "cpu", "converting"),
    ("duplicates.stages.fingerprint", "cpu", "indexing"),
    ("extraction.stages.classify", "cpu", "classifying"),
    ("extraction.stages.extract", "cpu", "extracting"),
    ("documents.stages.settle", "cpu", "scoring"),
]

# Stages that need another queue for some documents: a function (document id) -> queue.
STAGE_QUEUES = {"extraction.stages.extract": "extraction.services.llm.extract_queue"}
# Jobs that are not the run of a document: what does them, and the queue it needs. A runner takes the job and
# gives its result.
JOB_RUNNERS: dict[str, tuple[str, str]] = {
    "flow_test": ("extraction.services.flow_trials.flow_trial_run", "cpu"),
    "flow_suggest": ("extraction.services.flow_drafts.flow_draft_run", "llm"),
}

# The room that reads files says what they are and which choices an upload may make.
INTAKE_CHECK = "extraction.intake.check_upload"

# What each room has in the file storage; files of a document that none of them names are swept away.
FILE_KEYS = ("documents.services.files.original_keys", "extraction.services.pictures.picture_keys")

# Text recognition: the engines in the order in which they are asked, of those that this machine has;
# languages (ISO 639-1) of documents that name none, empty to tell them from the page; whether pictures on
# pages with a text layer are read too; where EasyOCR's weights lie.
OCR_ENGINES = env_list("OCR_ENGINES", "rapidocr,tesseract,easyocr")
OCR_LANGUAGES = env_list("OCR_LANGUAGES")
OCR_FIGURES = env_bool("OCR_FIGURES", default=False)
EASYOCR_MODELS = env_str("EASYOCR_MODELS")
