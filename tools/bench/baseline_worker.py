"""The baseline of the worker lines: plain threads that call the stand-in and write the same documents.

Each thread takes a content from a list in memory, marks it as processing, calls the stand-in with `requests`, and
stores the text: two writes with plain pymongo. No queue, schedule, leases, checks, events or logs.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from pymongo.collection import Collection
from requests.adapters import HTTPAdapter

from app.clock import utcnow
from app.content.document import COMPLETED, PROCESSING, Content

_MODEL = "gemini-3.5-flash-lite"


def write_all(contents: Collection[dict[str, Any]], waiting: list[Content], gemini_url: str, threads: int) -> float:
    """Generates every waiting content and returns the duration in seconds."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=threads))
    url = f"{gemini_url}/v1beta/models/{_MODEL}:generateContent?key=bench"

    def write(content: Content) -> None:
        contents.update_one({"_id": content.id}, {"$set": {"generation_status": PROCESSING, "started_at": utcnow()}})
        answer = session.post(url, json=_question(), timeout=30).json()
        text = answer["candidates"][0]["content"]["parts"][0]["text"]
        end = {"generation_status": COMPLETED, "generated_text": text, "finished_at": utcnow()}
        contents.update_one({"_id": content.id}, {"$set": end, "$unset": {"wake_at": True}})

    began = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(write, waiting))
    return time.monotonic() - began


def _question() -> dict[str, Any]:
    text = "<title>Bees</title>\n<request>Write about bees</request>"
    system = {"parts": [{"text": "Content type: social\n" + "You write texts that people publish. " * 20}]}
    return {"contents": [{"role": "user", "parts": [{"text": text}]}], "systemInstruction": system}
