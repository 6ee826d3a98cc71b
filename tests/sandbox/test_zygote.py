"""The fork server and a judge that is killed in the middle of a question."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from autograder.worker import messages
from autograder.worker.launch import can_fork, launch
from autograder.worker.messages import End, Start, Started
from autograder.worker.zygote import Server
from tests.conftest import LONGEST

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork server here")


def test_workers_end_with_the_judge_even_if_it_goes_before_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, theirs = socket.socketpair()
    server = Server(theirs, None, "numpy")
    ended = []

    def start(request: Start, fds: list[int]) -> Started:
        server.live.add(4711)
        ours.close()  # the judge is gone before it hears of the worker
        return Started(4711)

    monkeypatch.setattr(server, "start", start)
    monkeypatch.setattr(server, "end", lambda request: ended.append(request))
    request = Start("/", "/", guarded=True, memory=0, cpu=0, uid=None)
    socket.send_fds(ours, [messages.to_json(request)], [])
    server.run()
    theirs.close()
    assert ended == [End(4711)]


def test_the_fork_server_itself_ends_quietly(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    launched = launch("numpy")
    request = Start(str(tmp_path), str(tmp_path), guarded=True, memory=1 << 30, cpu=10, uid=None)
    pipes = [os.pipe() for _ in range(3)]
    theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
    socket.send_fds(launched.control, [messages.to_json(request)], theirs)
    launched.control.close()
    assert launched.process.wait(LONGEST) == 0
    for pair in pipes:
        for fd in pair:
            os.close(fd)
    assert capfd.readouterr().err == ""
