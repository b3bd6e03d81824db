"""Files that attack or mislead: each is refused or ends settled with a reason; none breaks a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import AppError
from documents.models import Document, Status
from samples.hostile import BUILDERS

pytestmark = pytest.mark.django_db
REFUSED = {
    "empty.pdf": "empty_file",
    "noise.pdf": "invalid_file_type",
    "program.png": "invalid_file_type",
}
RESULT = {"completed", "requires_review", "approved"}


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_a_hostile_file_ends_in_words(process, name, tmp_path: Path):
    if name in REFUSED:
        with pytest.raises(AppError) as refused:
            process(BUILDERS[name](), name)
        assert refused.value.code == REFUSED[name]
        assert not Document.objects.exists()
        return
    document = process(BUILDERS[name](), name)
    assert document.is_settled
    assert (document.status in RESULT) or (
        document.status == Status.FAILED and document.error_code != "processing_failed"
    )
    assert bool(document.error_message) == (document.status == Status.FAILED)
    assert "root:" not in str(list(document.pages.values("text")))
    assert document.job is not None
    assert not document.job.is_active
