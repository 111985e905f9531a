"""Sealed columns: authenticated encryption (Fernet: AES-128-CBC with HMAC-SHA256) with rotating keys.

The newest key seals, every key opens. Exact look-ups in sealed values go by a keyed hash beside them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, LargeBinary, TypeDecorator


class KeysError(Exception):
    """The sealing keys are missing or malformed, or don't fit what they should open."""


def new_key() -> str:
    """Make a sealing key: 32 random bytes, base64."""
    return Fernet.generate_key().decode()


class Keyring:
    """The sealing keys of this installation, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys as they stand in `DATA_KEYS`; raise KeysError when there is none or a bad one."""
        if not keys:
            raise KeysError("no sealing key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise KeysError("a sealing key is 32 bytes in url-safe base64") from error
        self._hash_keys = [
            hmac.digest(key.encode(), b"blind index", hashlib.sha256) for key in keys
        ]

    def seal(self, plain: bytes) -> bytes:
        """Encrypt with the newest key."""
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt with whichever key fits; raise KeysError when none does or the value was changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise KeysError("a sealed value does not open: DATA_KEYS lacks its key") from error

    def reseal(self, sealed: bytes) -> bytes:
        """Seal anew with the newest key."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise KeysError("a sealed value does not open: DATA_KEYS lacks its key") from error

    def hashes(self, plain: str) -> list[str]:
        """Keyed hashes of a value, the newest key's first: store the first, look up by all."""
        return [
            hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() for key in self._hash_keys
        ]


_ring: Keyring | None = None


def use_keys(keys: Sequence[str]) -> Keyring:
    """Make these the keys of this process. A column type has no other way to reach them."""
    global _ring
    _ring = Keyring(keys)
    return _ring


def keyring() -> Keyring:
    """The keys of this process; raise KeysError before `use_keys`."""
    if _ring is None:
        raise KeysError("sealing keys are not set")
    return _ring


class SealedBytes(TypeDecorator[bytes]):
    """Bytes, sealed in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else keyring().seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open."""
        return None if value is None else keyring().open(value)


class SealedText(TypeDecorator[str]):
    """Text, sealed in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else keyring().seal(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open."""
        return None if value is None else keyring().open(value).decode()


class SealedJson(TypeDecorator[Any]):
    """Anything JSON can hold, sealed in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Seal."""
        if value is None:
            return None
        return keyring().seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Open."""
        return None if value is None else json.loads(keyring().open(value))
