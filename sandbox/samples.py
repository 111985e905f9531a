"""Small files that people send when nobody says which."""

import base64
import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A file name and what is in the file."""

    name: str
    content: bytes


def plain_png(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    """Draw a picture of one colour."""
    row = b"\x00" + bytes(color) * width
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


_PDF = base64.b64decode(
    "JVBERi0xLjEKMSAwIG9iajw8L1BhZ2VzIDIgMCBSPj5lbmRvYmoKMiAwIG9iajw8L0tpZHNbMyAwIFJdL0NvdW50IDE+"
    "PmVuZG9iagozIDAgb2JqPDwvUGFyZW50IDIgMCBSL01lZGlhQm94WzAgMCAyMDAgMjAwXT4+ZW5kb2JqCnRyYWlsZXI8"
    "PC9Sb290IDEgMCBSPj4K"
)

SAMPLES = {
    "photo": Sample("photo.png", plain_png(320, 240, (120, 160, 200))),
    "document": Sample("document.pdf", _PDF),
    "voice": Sample("voice.ogg", b"OggS" + bytes(60)),
    "video": Sample("video.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(60)),
    "audio": Sample("audio.mp3", b"ID3" + bytes(60)),
    "animation": Sample("animation.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(60)),
    "video_note": Sample("note.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(60)),
    "sticker": Sample("sticker.png", plain_png(64, 64, (240, 200, 80))),
}
