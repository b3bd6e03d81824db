"""Pictures that a file holds whole: a part of a zip, a data: address of a page, a part of a mail."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.filetypes import decode
from extraction.engines.convert.picture import frame, opened

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 4_000
FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP", "HEIF")
_SIGNATURES = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|BM....\x00\x00\x00\x00|RIFF....WEBP|....ftyp",
    re.S,
)
_DATA_URI = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.I)


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so can be shown; vector pictures (EMF, WMF, SVG) cannot."""
    return _SIGNATURES.match(head) is not None


def data_ref(uri: str) -> str:
    """The name by which `embedded_images` finds a data: address again, empty if it is no picture of ours."""
    match = _DATA_URI.match(uri)
    if match is None or not is_picture(_bytes_of(match[1][:200])):
        return ""
    return _ref_of(match[1])


def embedded_images(path: Path, refs: Sequence[str]) -> Iterator[Image.Image | None]:
    """The pictures by their names in the file (`Block.ref`), in RGB and at most MAX_SIDE pixels a side.

    None stands for a picture that is not there, too large, or of a kind that cannot be shown.
    Native code: call it in a sandbox child only.
    """
    loaders = {"data": _DataUris, "mime": _MailParts}
    sources: dict[str, _Source] = {}
    for ref in refs:
        scheme = ref.partition(":")[0]
        scheme = scheme if scheme in loaders else "zip"
        if scheme not in sources:
            sources[scheme] = loaders.get(scheme, _ZipParts)(path)
        data = sources[scheme].read(ref)
        yield _image(data) if data else None


def _image(data: bytes) -> Image.Image | None:
    try:
        with opened(io.BytesIO(data), FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            return frame(image, 1, max_side=MAX_SIDE)
    except EngineError:
        return None


class _Source:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, ref: str) -> bytes | None:
        raise NotImplementedError


class _ZipParts(_Source):
    def read(self, ref: str) -> bytes | None:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(ref) as part:
                data = part.read(MAX_BYTES + 1)
        except (KeyError, OSError, ValueError, EOFError, RuntimeError, NotImplementedError):
            return None
        except (zipfile.BadZipFile, zlib.error):
            return None
        return data if len(data) <= MAX_BYTES else None


class _DataUris(_Source):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        text = decode(path.read_bytes()) or ""
        self.found = {_ref_of(match[1]): match[1] for match in _DATA_URI.finditer(text)}

    def read(self, ref: str) -> bytes | None:
        payload = self.found.get(ref, "")
        return _bytes_of(payload) if len(payload) <= MAX_BYTES else None


class _MailParts(_Source):
    def __init__(self, path: Path) -> None:
        from extraction.engines.convert.mail_parts import Mail

        super().__init__(path)
        self.mail = Mail(path)

    def read(self, ref: str) -> bytes | None:
        number = ref.partition(":")[2]
        return self.mail.part_bytes(int(number), MAX_BYTES) if number.isascii() and number.isdigit() else None


def _ref_of(payload: str) -> str:
    packed = re.sub(r"\s+", "", payload).rstrip("=")
    return "data:" + hashlib.sha256(packed.encode()).hexdigest()[:32]


def _bytes_of(payload: str) -> bytes:
    packed = re.sub(r"[\s=]+", "", payload)
    try:
        return b64decode(packed[: len(packed) - (len(packed) % 4 == 1)] + "=" * (-len(packed) % 4))
    except ValueError:
        return b""
