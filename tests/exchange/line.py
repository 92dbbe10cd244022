"""A line between client and server that a test can cut, freeze and slow down."""

import socket
import threading
import time
from contextlib import suppress


class Line:
    """A loopback proxy. ``cut_after`` and ``freeze_after`` count the bytes that come from the server, or go to it."""

    def __init__(self, port: int, *, delay: float = 0.0) -> None:
        self.target, self.delay = port, delay
        self.cut_down: int | None = None
        self.cut_up: int | None = None
        self.frozen = False
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut all connections now."""
        doomed, self._open = self._open, []
        for sock in doomed:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def close(self) -> None:
        """Cut everything and listen no more."""
        self.frozen = False
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                for sock in (client, server):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._open += [client, server]
                threading.Thread(target=self._pump, args=(client, server, "cut_up"), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, "cut_down"), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, limit: str) -> None:
        with suppress(OSError):
            while block := source.recv(65536):
                time.sleep(self.delay)
                while self.frozen:
                    time.sleep(0.01)
                left = getattr(self, limit)
                if left is not None and len(block) >= left:
                    setattr(self, limit, None)
                    target.sendall(block[:left])
                    self.cut()
                    return
                if left is not None:
                    setattr(self, limit, left - len(block))
                target.sendall(block)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
