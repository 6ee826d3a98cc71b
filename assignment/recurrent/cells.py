"""Lesson 13: searching for interpretable cells.

A network that reads text one character at a time keeps numbers about it. Some of them turn out to
mean something: one cell is on inside quotes, another counts open brackets. Here you look for such
cells, and then build a few by hand.

To compare a cell with a meaning, both must be taken at the same moment. Everywhere in this lesson
that is *after* character t has been read: row t of a trace and element t of a signal know text[0]
to text[t], and no more.

The cells are the LSTM of lesson 5 (blocks i, f, o, g) and the GRU of lesson 6 (blocks z, r, h~; z
weighs the new state).

Source: lecture, "Searching for interpretable cells"; Karpathy, Johnson and Fei-Fei 2016.
"""

import numpy as np

from .gru import gru_forward  # noqa: F401 - keep it: a check runs the weights you build with it
from .lstm import lstm_step_forward

QUOTES = "'\""
OPENING, CLOSING = "([{", ")]}"


def cell_traces(ids, Wx, Wh, b):
    """What every cell of an LSTM does while it reads a text.

    The network reads one-hot vectors, starting with both states zero.

    Inputs:
    - ids: (T,), the characters of the text as whole numbers from 0 to V-1
    - Wx: (V, 4H), input-to-hidden weights, blocks i f o g
    - Wh: (H, 4H), hidden-to-hidden weights, blocks i f o g
    - b: (4H,), bias, blocks i f o g

    Returns:
    - traces: (T, H), tanh(c_t), the cell states after character t, squashed to between -1 and 1

    Source: lecture, "Searching for interpretable cells".
    """
    raise NotImplementedError("cell_traces (Task 13.1, 3 points)")
    return traces


def inside_quotes(text):
    r"""Where a text is inside a short string literal.

    - Outside, a quote (' or ") opens a string, and the same character closes it. The other one is
      ordinary in between.
    - The opening quote belongs to the inside, the closing quote does not: after it has been read,
      the string is over.
    - Inside, a backslash takes the meaning away from the character after it, whatever that is: \"
      does not close, and in \\" the second backslash means nothing and the quote closes. Outside, a
      backslash is an ordinary character.
    - Inside, a newline ends the string too (unless a backslash has taken its meaning away); it is
      outside then.

    Comments and triple quotes get no special treatment.

    Inputs:
    - text: a string of T characters

    Returns:
    - inside: (T,), booleans, True where a string is open after character t has been read

    Source: lecture, "Searching for interpretable cells": the cell that turns on inside quotes.
    """
    raise NotImplementedError("inside_quotes (Task 13.2, 3 points)")
    return inside


def bracket_depth(text):
    """How many brackets are open.

    Each of ( [ { counts 1 up, each of ) ] } counts 1 down, and nobody checks that the kinds match.
    The depth never goes below 0: a closing bracket that closes nothing is ignored. Brackets inside
    quotes (where inside_quotes is True) are ordinary characters.

    Inputs:
    - text: a string of T characters

    Returns:
    - depth: (T,), whole numbers, the depth after character t has been read

    Source: lecture, "Searching for interpretable cells": the code depth cell.
    """
    raise NotImplementedError("bracket_depth (Task 13.3, 3 points)")
    return depth


def rank_cells(traces, signal):
    """Which cells follow a signal most closely, whatever the sign.

    The measure is the size of Pearson's correlation, |r|: a cell that is off exactly when the
    signal is on knows as much as one that is on. A cell that never changes (all its values are
    equal) knows nothing: its r is 0, and it comes after all cells that do change. If the signal
    never changes, every r is 0.

        r = sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2)

    Inputs:
    - traces: (T, H), one column for each cell
    - signal: (T,), numbers or booleans

    Returns:
    - order: (H,), the numbers of all cells, the best first; of equals the smaller number comes
      first
    - r: (H,), the correlation of each cell with its sign; r[j] belongs to column j, whatever its
      rank

    Source: Pearson's correlation coefficient.
    """
    raise NotImplementedError("rank_cells (Task 13.4, 3 points)")
    return order, r


def latch_weights():
    """Build an LSTM with one cell that remembers a bit.

    It reads texts over three characters: 0 leaves the bit alone, 1 sets it, 2 clears it. The bit
    starts cleared. After every character, tanh(c_t) must be above 0.5 where the bit is set and
    below 0.5 where it is cleared, even when the same command comes several times in a row, and
    hundreds of characters after the last command.

    The weights are for cell_traces, with V = 3, H = 1 and blocks i f o g.

    Returns:
    - Wx: (3, 4)
    - Wh: (1, 4)
    - b: (4,)

    Source: lecture, "LSTMs Intuition: Memory".
    """
    raise NotImplementedError("latch_weights (Task 13.5, 3 points)")
    return Wx, Wh, b


def depth_weights():
    """Build an LSTM with one cell that counts.

    It reads texts over three characters: 0 is an ordinary character, 1 opens a bracket, 2 closes
    one. In these texts nothing is closed that was not open. After every character, c_t must be a
    tenth of the depth, so tanh(c_t) must be tanh(depth / 10), to 1e-4, for texts of some hundreds
    of characters and depths up to 12.

    The weights are for cell_traces, with V = 3, H = 1 and blocks i f o g.

    Returns:
    - Wx: (3, 4)
    - Wh: (1, 4)
    - b: (4,)

    Source: lecture, "Searching for interpretable cells": the code depth cell.
    """
    raise NotImplementedError("depth_weights (Task 13.6, 2 points)")
    return Wx, Wh, b


def gru_that_is_an_rnn(Wx, Wh, b):
    """Build a GRU that does exactly what a given vanilla RNN does.

    The RNN is h_t = tanh(x_t Wx + h_{t-1} Wh + b). The GRU's states must equal those of the RNN to
    1e-5, for inputs and weights of ordinary size and any number of steps. Its weights are for
    gru_forward: blocks z r h~, and z weighs the new state.

    Inputs:
    - Wx: (D, H), input-to-hidden weights of the vanilla RNN
    - Wh: (H, H), its hidden-to-hidden weights
    - b: (H,), its bias

    Returns:
    - gru_Wx: (D, 3H)
    - gru_Wh: (H, 3H)
    - gru_b: (3H,)

    Source: lecture, "Gated Recurrent Units".
    """
    raise NotImplementedError("gru_that_is_an_rnn (Task 13.7, 2 points)")
    return gru_Wx, gru_Wh, gru_b
