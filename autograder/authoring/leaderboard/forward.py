"""The program that scores a student's weights: the forward pass of an RNN, a GRU and an LSTM.

It is an answer to problems of the course. So it is written into an autograder zip, beside the
hidden cases, and into nothing that students get. It runs no student's code, in a process with the
limits of the one that looks into a student's files.

Usage: python forward.py ROOT SECONDS BYTES LSTM GRU Z
The weights are open as its standard input. ROOT is the folder with `autograder/` in it. SECONDS of
processor time and BYTES of memory are what it may take. LSTM and GRU are the orders of their
blocks, "i f o g", and Z is the state that z weighs. One entry goes to its standard output:
"source", whose content is the score as JSON, or "left out", with the sentence that says why.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])

from autograder.leaderboard.weights import NAME, Refused, read
from autograder.problem import Arrays
from autograder.unpack.entries import Entry, pack
from autograder.unpack.program import confine

HELD_OUT = "held_out.safetensors"
"""The text, in the folder of this program: `ids` (N, T+1), and `alphabet` (V,), code points."""

State = tuple[np.ndarray, np.ndarray]
"""(N, H) each: what the scores are made of, and an LSTM's memory."""

Step = Callable[[np.ndarray, State], State]
"""(N, k) what the characters contribute, and the state -> the next state."""


def bits_per_character(
    cell: str, params: Arrays, ids: np.ndarray, lstm: str, gru: str, z: str
) -> float:
    """The mean over all characters but the first of each stretch, from states of zeros.

    ids: (N, T+1). lstm, gru: the orders of the blocks. z: "new" or "old", the state that it weighs.
    """
    steps: dict[str, Step] = {
        "RNN": lambda driven, state: _rnn(driven, state, params["Wh"]),
        "LSTM": lambda driven, state: _lstm(driven, state, params["Wh"], lstm.split()),
        "GRU": lambda driven, state: _gru(driven, state, params["Wh"], gru.split(), z),
    }
    N, H = len(ids), len(params["Wh"])
    state = (np.zeros((N, H)), np.zeros((N, H)))
    nats = 0.0
    for read_now, wanted in zip(ids.T[:-1], ids.T[1:], strict=True):
        state = steps[cell](params["Wx"][read_now] + params["b"], state)
        scores = state[0] @ params["Why"] + params["by"]
        scores -= scores.max(axis=1, keepdims=True)
        surprise = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(N), wanted]
        nats += float(surprise.sum())
    return nats / ids[:, 1:].size / float(np.log(2))


def _squashed(values: np.ndarray) -> np.ndarray:
    """The logistic function, which overflows nowhere."""
    squashed: np.ndarray = np.exp(-np.logaddexp(0.0, -values))
    return squashed


def _rnn(driven: np.ndarray, state: State, Wh: np.ndarray) -> State:
    return np.tanh(driven + state[0] @ Wh), state[1]


def _lstm(driven: np.ndarray, state: State, Wh: np.ndarray, order: list[str]) -> State:
    blocks = np.split(driven + state[0] @ Wh, len(order), axis=1)
    by_name = dict(zip(order, blocks, strict=True))
    kept = _squashed(by_name["f"]) * state[1]
    memory = kept + _squashed(by_name["i"]) * np.tanh(by_name["g"])
    return _squashed(by_name["o"]) * np.tanh(memory), memory


def _gru(driven: np.ndarray, state: State, Wh: np.ndarray, order: list[str], z: str) -> State:
    by_name = dict(zip(order, np.split(driven, len(order), axis=1), strict=True))
    matrices = dict(zip(order, np.split(Wh, len(order), axis=1), strict=True))
    before = state[0]
    reset = _squashed(by_name["r"] + before @ matrices["r"])
    update = _squashed(by_name["z"] + before @ matrices["z"])
    candidate = np.tanh(by_name["n"] + (reset * before) @ matrices["n"])
    share = update if z == "new" else 1 - update
    return before + share * (candidate - before), state[1]


def scored(data: bytes, ids: np.ndarray, V: int, lstm: str, gru: str, z: str) -> Entry:
    """The program's answer about a file."""
    try:
        cell, params = read(data, V)
        with np.errstate(all="ignore"):
            bits = bits_per_character(cell, params, ids, lstm, gru, z)
        if not np.isfinite(bits):
            raise Refused(
                f"{NAME} gives scores that are not finite: its numbers are too large; train again "
                f"with a smaller learning rate, or clip the gradients"
            )
    except Refused as error:
        return Entry("left out", text=str(error))
    told = {"bits": bits, "cell": cell, "units": len(params["Wh"])}
    return Entry("source", content=json.dumps(told).encode())


def main() -> None:
    """Score the file on standard input."""
    _, seconds, memory, lstm, gru, z = sys.argv[1:]
    held_out = load_file(Path(__file__).with_name(HELD_OUT))
    ids, V = held_out["ids"], len(held_out["alphabet"])
    confine(int(seconds), int(memory))
    with open(0, "rb") as file, open(1, "wb") as out:
        out.write(pack(scored(file.read(), ids, V, lstm, gru, z)))
        out.write(pack(Entry("end")))


if __name__ == "__main__":
    main()
