"""HEAD is answered like GET, without the body (RFC 9110, 9.3.2): mail scanners and link checkers ask so."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadLikeGet:
    """ASGI middleware, around everything that looks at the method."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        # A copy: the server and the log outside still have to know that it was a HEAD.
        await self.app({**scope, "method": "GET"}, receive, send_without_body)
