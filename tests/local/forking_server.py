"""Stands in for the web process: answers 200 to everything, from two forked workers that stick to life.

A third child leaves the process group, as daemons do, and ignores SIGTERM too.
"""

import os
import signal
import socket
import time


def answer_forever(listener: socket.socket) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        connection = listener.accept()[0]
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


def sleep_apart() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.setsid()
    time.sleep(600)


def main() -> None:
    listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
    for work in (lambda: answer_forever(listener), lambda: answer_forever(listener), sleep_apart):
        if os.fork() == 0:
            work()
    print("listening")
    time.sleep(600)


main()
