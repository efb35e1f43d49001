"""For whoever keeps the server running: is it alive, can it serve?"""

from fastapi import APIRouter, Request
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from app.core.db import Database
from app.migrate import is_up_to_date

router = APIRouter(prefix="/health")


@router.get("/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """503 while the database cannot be reached or is not of this version."""
    problem = await run_in_threadpool(what_is_wrong, request.app.state.database)
    return JSONResponse({"status": problem or "ok"}, status_code=503 if problem else 200)


def what_is_wrong(database: Database) -> str:
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return "" if is_up_to_date(database) else "database not migrated"
    except Exception as error:
        return f"database: {type(error).__name__}"
