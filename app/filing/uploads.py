"""Photos on their way in: cleaned and stored before the request takes a connection, so that votes need not wait."""

from dataclasses import dataclass, field
from secrets import token_hex
from typing import Annotated

import anyio
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.core.errors import Problem
from app.core.forms import read_body
from app.core.i18n import Text, _
from app.core.limits import Limit, limiter_of, network_of
from app.core.photos import clean_photo
from app.core.storage import Storage

MOST_PHOTOS = 5
UPLOADS_PER_NETWORK = Limit("upload-network", 200, 3600)


@dataclass(frozen=True)
class StoredPhoto:
    """`<key>-large.jpg` and `<key>-small.jpg` are in the store; sizes of the large one in pixels."""

    key: str
    width: int
    height: int


@dataclass
class Uploads:
    photos: list[StoredPhoto] = field(default_factory=list)
    errors: list[Text] = field(default_factory=list)


async def take_in_photos(request: Request, _body: Annotated[None, Depends(read_body)]) -> Uploads:
    """Every photo of the form that is one; for the others the reason why not."""
    uploads = Uploads()
    files = [file for file in _files_of(request) if file.filename or file.size]
    if len(files) > MOST_PHOTOS:
        uploads.errors.append(_("You can add %(max)s photos at most. We kept the first ones.", max=MOST_PHOTOS))
    for file in files[:MOST_PHOTOS]:
        await run_in_threadpool(limiter_of(request).count, UPLOADS_PER_NETWORK, network_of(request))
        try:
            uploads.photos.append(await _take_in(request, file))
        except Problem as problem:
            uploads.errors.append(_("%(file)s: %(reason)s", file=file.filename or _("Photo"), reason=problem.message))
    return uploads


def _files_of(request: Request) -> list[UploadFile]:
    form = getattr(request.state, "form", None)
    if form is None:
        return []
    return [value for name, value in form.multi_items() if name == "photos" and isinstance(value, UploadFile)]


async def _take_in(request: Request, file: UploadFile) -> StoredPhoto:
    storage: Storage = request.app.state.storage
    # One thread for all photos of this process: who waits here holds no thread and no connection.
    async with request.app.state.photo_queue:
        return await run_in_threadpool(_clean_and_store, storage, file)


def _clean_and_store(storage: Storage, file: UploadFile) -> StoredPhoto:
    photo = clean_photo(file.file)
    key = token_hex(16)
    storage.put(f"{key}-large.jpg", photo.large)
    storage.put(f"{key}-small.jpg", photo.small)
    return StoredPhoto(key, photo.width, photo.height)


def new_photo_queue() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1)


TakenIn = Annotated[Uploads, Depends(take_in_photos)]
