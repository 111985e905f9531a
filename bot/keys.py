"""Where the sealing keys come from: the settings, or a file made at the first start."""

from __future__ import annotations

import logging
from pathlib import Path

from bot.settings import Settings
from storage.sealed import new_key

log = logging.getLogger(__name__)

KEY_FILE = Path("data/keys.txt")


def sealing_keys(settings: Settings, key_file: Path = KEY_FILE) -> list[str]:
    """`DATA_KEYS`, or the keys in the key file; a first one is made there, with a warning."""
    if settings.data_keys:
        return [key.get_secret_value() for key in settings.data_keys]
    if not key_file.exists():
        key_file.parent.mkdir(parents=True, exist_ok=True)
        key_file.touch(mode=0o600)
        key_file.write_text(new_key() + "\n")
        log.warning(
            "made a sealing key in %s: keep a copy elsewhere (DATA_KEYS), without it the data is lost",
            key_file,
        )
    return key_file.read_text().split()
