"""HTTP to the Bot API: aiohttp behind python-telegram-bot's BaseRequest.

The default client, httpx, costs about three times the processor time of a call (benchmarks/README.md).
"""

from __future__ import annotations

import json
import mimetypes
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

import aiohttp
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 64
TIMEOUT = 20.0  # seconds for an ordinary call


class NotReached(NetworkError):
    """There was no connection: the call never left."""


class AnswerLost(NetworkError):
    """The call left, and the connection broke before an answer came: it may have had its effect."""


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way to the network, over one pool of kept-alive connections."""

    def __init__(self, on_date: Callable[[str | None], None] = lambda _: None) -> None:
        """`on_date` is told the `Date` header of each answer."""
        self._on_date = on_date
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return TIMEOUT

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; raise TimedOut, NotReached or AnswerLost when no answer came."""
        if self._session is None:
            raise NetworkError("the connection pool is closed")
        body: dict[str, Any] = {}
        if request_data is not None and request_data.contains_files:
            body["data"] = _form(request_data)
        elif request_data is not None:
            body["data"] = request_data.json_payload
            body["headers"] = {"Content-Type": "application/json"}
        if isinstance(read_timeout, (int, float)):
            body["timeout"] = aiohttp.ClientTimeout(total=read_timeout)
        try:
            async with self._session.request(method, url, **body) as response:
                payload = await response.read()
                self._on_date(response.headers.get("Date"))
                return response.status, payload
        except TimeoutError as error:
            raise TimedOut from error
        # Their own words may hold the address, and the address holds the token.
        except aiohttp.ClientConnectorError as error:
            raise NotReached(type(error).__name__) from None
        except aiohttp.ClientError as error:
            raise AnswerLost(type(error).__name__) from None


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(request_data.json_parameters)
    for field, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(field, content, filename=filename, content_type=mime_type)
    return form


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram asks to wait (429): a number or a timedelta, as the library is set."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


class _JsonCall:
    """What AiohttpRequest reads of a RequestData, for parameters that are JSON already."""

    contains_files = False

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.json_payload = json.dumps(params, ensure_ascii=False).encode()


class _FormCall:
    """The same for parameters with files of our own: multipart/form-data (Bot API, Sending files)."""

    contains_files = True

    def __init__(self, params: Mapping[str, Any], files: Mapping[str, Mapping[str, str]]) -> None:
        self.json_parameters = {
            key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for key, value in params.items()
            if key not in files
        }
        self.multipart_data = {
            key: (file["name"], b64decode(file["content"]), _mime(file["name"]))
            for key, file in files.items()
        }


def _mime(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


class TelegramApi:
    """Bot API methods by name, parameters and results as JSON: what the inbox and the outbox hold."""

    def __init__(self, request: AiohttpRequest, base_url: str) -> None:
        """`base_url` is `{BOT_API_URL}/bot{token}`."""
        self._request = request
        self._base_url = base_url

    async def call(
        self, method: str, params: Mapping[str, Any], *, seconds: float = TIMEOUT
    ) -> Any:
        """Call a method and give back its `result`; raises telegram.error.TelegramError.

        A parameter `{"file": {"name", "content"}}`, the content in base64, is uploaded.
        """
        files = {
            key: value["file"]
            for key, value in params.items()
            if isinstance(value, dict) and "file" in value
        }
        data = cast(RequestData, _FormCall(params, files) if files else _JsonCall(params))
        return await self._request.post(f"{self._base_url}/{method}", data, read_timeout=seconds)
