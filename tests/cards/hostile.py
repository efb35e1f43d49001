"""A city that answers as it likes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[socket.socket], None]


def said(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(head).encode() + body


def dripping(peer: socket.socket) -> None:
    """A byte now and then, for ever: every single wait is short."""
    peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        peer.sendall(b" ")
        time.sleep(0.05)


def dripping_headers(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        peer.sendall(b"a")
        time.sleep(0.05)


def endless(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


@contextmanager
def city_that(answers: Answer | bytes) -> Iterator[str]:
    """The address of its feed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, answers), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/pilots/cards.json"
        finally:
            server.shutdown(socket.SHUT_RDWR)  # closing alone would not wake who waits for the next caller


def _serve(server: socket.socket, answers: Answer | bytes) -> None:
    while True:
        try:
            peer, _address = server.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(peer, answers), daemon=True).start()


def _answer(peer: socket.socket, answers: Answer | bytes) -> None:
    with peer, suppress(OSError):
        peer.recv(65536)
        peer.sendall(answers) if isinstance(answers, bytes) else answers(peer)
