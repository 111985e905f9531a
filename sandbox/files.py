"""Files that people and bots have sent. They live in memory; the oldest go when it gets full."""

import base64
import mimetypes
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from sandbox.errors import bad, malformed

Json = dict[str, Any]

DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
"""Telegram's own, in bytes."""
_UNKNOWN = "application/octet-stream"
_KEEP = 256 * 1024 * 1024

_FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music",
            "sticker": "stickers", "animation": "animations", "video_note": "video_notes"}  # fmt: skip
_TYPES = {"voice": "audio/ogg", "video": "video/mp4", "audio": "audio/mpeg",
          "animation": "video/mp4", "video_note": "video/mp4"}  # fmt: skip


@dataclass(slots=True)
class StoredFile:
    """One file. `number` makes its ids; every bot knows it by a `file_id` of its own."""

    number: int
    kind: str
    name: str
    mime_type: str
    content: bytes
    size: int
    width: int = 0
    height: int = 0

    @property
    def unique_id(self) -> str:
        """The same for every bot."""
        return f"AQAD{self.number:08d}"

    @property
    def path(self) -> str:
        """Where `/file/bot{token}/…` serves it."""
        extension = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{_FOLDERS.get(self.kind, 'documents')}/file_{self.number}.{extension.lower()}"


class Files:
    """All files of a world."""

    def __init__(self) -> None:
        self._files: OrderedDict[int, StoredFile] = OrderedDict()
        self._count = 0
        self._size = 0

    def add(self, kind: str, name: str, content: bytes, mime_type: str = "") -> StoredFile:
        """Keep a file and measure it if it is a picture."""
        self._count += 1
        width, height = picture_size(content)
        file = StoredFile(
            self._count,
            kind,
            name,
            _mime_type(kind, name, content, mime_type),
            content,
            len(content),
            width,
            height,
        )
        self._files[file.number] = file
        self._size += file.size
        while self._size > _KEEP and len(self._files) > 1:
            self._size -= self._files.popitem(last=False)[1].size
        return file

    def by_unique_id(self, unique_id: str) -> StoredFile | None:
        """Find a file for the page."""
        number = unique_id.removeprefix("AQAD").partition("-")[0]
        return self._files.get(int(number)) if number.isdecimal() else None

    def by_path(self, path: str) -> StoredFile | None:
        """Find a file by what getFile told."""
        number = path.rpartition("/file_")[2].partition(".")[0]
        file = self._files.get(int(number)) if number.isdecimal() else None
        return file if file is not None and file.path == path else None

    def by_file_id(self, bot_id: int, file_id: str) -> StoredFile:
        """Find a file by the id that a bot was given.

        Raises:
            Refused: the id is wrong, or belongs to another bot.
        """
        try:
            kind, owner, number = base64.urlsafe_b64decode(file_id + "==").decode().split(":")[:3]
            file = self._files[int(number)]
        except (ValueError, KeyError, UnicodeDecodeError):
            raise malformed("wrong file identifier/HTTP URL specified") from None
        if int(owner) != bot_id or file.kind != kind:
            raise malformed("wrong file identifier/HTTP URL specified")
        return file


def _mime_type(kind: str, name: str, content: bytes, given: str) -> str:
    """Return what a file is: pictures by their first bytes, others as told or by their name."""
    if kind in ("photo", "sticker"):
        starts = ((b"\x89PNG", "png"), (b"GIF8", "gif"), (b"RIFF", "webp"))
        return (
            f"image/{next((each for start, each in starts if content.startswith(start)), 'jpeg')}"
        )
    if given and given != _UNKNOWN:
        return given
    return _TYPES.get(kind) or mimetypes.guess_type(name)[0] or _UNKNOWN


def file_id(bot_id: int, file: StoredFile, size: str = "x") -> str:
    """Return the id by which one bot knows a file; photos have one for each size."""
    text = f"{file.kind}:{bot_id}:{file.number}:{size}:sandbox"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels of a PNG, GIF, WebP or JPEG; zeros for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        width = int.from_bytes(content[24:27], "little") + 1
        return width, int.from_bytes(content[27:30], "little") + 1
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8 " and len(content) >= 30:
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _jpeg_size(content) if content[:2] == b"\xff\xd8" else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 < len(content):
        marker, length = struct.unpack(">xBH", content[position : position + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return 0, 0


def describe(bot_id: int, file: StoredFile, **about: Any) -> Any:
    """Return a file as a message carries it: a list of sizes for a photo, else an object.

    Args:
        bot_id: whose `file_id` it gets.
        file: what was sent.
        about: further fields (`duration`, `performer`, …); None leaves one out.

    Raises:
        Refused: a photo that isn't a picture, or is too big.
    """
    if file.kind == "photo":
        return _photo_sizes(bot_id, file)
    described: Json = {
        "file_id": file_id(bot_id, file),
        "file_unique_id": file.unique_id,
        "file_size": file.size,
    }
    if file.kind in ("document", "voice", "video", "audio", "animation"):
        described["mime_type"] = file.mime_type
    if file.kind in ("document", "video", "audio", "animation") and file.name:
        described["file_name"] = file.name
    if file.kind in ("video", "animation"):
        described.update(width=file.width or 640, height=file.height or 360, duration=1)
    if file.kind in ("voice", "audio"):
        described["duration"] = 1
    if file.kind == "video_note":
        described.update(length=240, duration=1)
    if file.kind == "sticker":
        described.update(width=file.width or 512, height=file.height or 512, type="regular",
                         is_animated=False, is_video=False)  # fmt: skip
    described.update({name: value for name, value in about.items() if value is not None})
    return described


def _photo_sizes(bot_id: int, file: StoredFile) -> list[Json]:
    if file.size > PHOTO_LIMIT:
        raise malformed("too big file for a photo")
    if not file.width or not file.height:
        raise bad("IMAGE_PROCESS_FAILED")
    if (
        file.width + file.height > 10000
        or max(file.width / file.height, file.height / file.width) > 20
    ):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    sizes = []
    for letter, side in (("s", 90), ("m", 320), ("x", 800), ("y", 1280)):
        scale = min(1.0, side / max(file.width, file.height))
        sizes.append(
            {
                "file_id": file_id(bot_id, file, letter),
                "file_unique_id": f"{file.unique_id}-{letter}",
                "file_size": max(1, int(file.size * scale * scale)),
                "width": max(1, round(file.width * scale)),
                "height": max(1, round(file.height * scale)),
            }
        )
        if scale == 1.0:
            break
    return sizes
