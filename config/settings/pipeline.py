"""The way of a document, read in one place.

Each entry: dotted name of the stage, the queue it needs, the word that people and the API see while it runs.
A stage is a function `(document_id, attempt) -> None` that replaces its own results.
"""

PIPELINE: list[tuple[str, str, str]] = [
    ("extraction.stages.parse", "cpu", "parsing"),
    ("extraction.stages.render", "cpu", "converting"),
    ("duplicates.stages.fingerprint", "cpu", "indexing"),
    ("extraction.stages.classify", "cpu", "classifying"),
    ("extraction.stages.extract", "cpu", "extracting"),
    ("documents.stages.settle", "cpu", "scoring"),
]

# The room that reads files says what they are and which choices an upload may make.
INTAKE_CHECK = "extraction.intake.check_upload"
