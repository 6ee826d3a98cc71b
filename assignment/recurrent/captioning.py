"""Lesson 9: describing pictures.

A picture's features become the first hidden state; from there a recurrent network writes a caption
word by word.

    h_0 = features W_proj + b_proj
    words -> W_embed -> rnn, lstm or gru -> W_vocab, b_vocab -> scores

(Others feed the picture in as if it were the first word, or at every step. Here it enters once, as
h_0.)

Three entries of the vocabulary are special: `<START>` is what the network reads before the first
word, `<END>` is what it says after the last one, `<NULL>` fills up a row of a batch and means
nothing.
"""

from collections import Counter

import numpy as np

from .embedding import word_embedding_backward, word_embedding_forward
from .gru import gru_backward, gru_forward, gru_step_forward
from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .lstm import lstm_backward, lstm_forward, lstm_step_forward
from .rnn import rnn_backward, rnn_forward, rnn_step_forward

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


class CaptioningRNN:
    """A captioning model. The constructor is given; you write `loss` and `sample`.

    The parameters are the values of the dictionary self.params. k is the number of blocks of the
    cell: 1 for "rnn", 3 for "gru" and 4 for "lstm".

    Parameters:
    - W_proj: (F, H)
    - b_proj: (H,)
    - W_embed: (V, D)
    - Wx: (D, kH)
    - Wh: (H, kH)
    - b: (kH,)
    - W_vocab: (H, V)
    - b_vocab: (V,)

    Source: lecture, "Neural Image Captioning".
    """

    def __init__(self, word_to_idx, input_dim, wordvec_dim, hidden_dim, cell_type="rnn", seed=0):
        """Draw the parameters.

        Inputs:
        - word_to_idx: dictionary from words to whole numbers 0..V-1, with "<NULL>", "<START>" and
          "<END>" among the words
        - input_dim: a whole number F, the length of a picture's features
        - wordvec_dim: a whole number D, the length of a word's vector
        - hidden_dim: a whole number H, the length of a hidden state
        - cell_type: "rnn", "lstm" or "gru"
        - seed: a whole number that decides what is drawn
        """
        rng = np.random.default_rng(seed)
        V, k = len(word_to_idx), BLOCKS[cell_type]
        F, D, H = input_dim, wordvec_dim, hidden_dim
        self.cell_type = cell_type
        self.null, self.start, self.end = (
            word_to_idx[word] for word in ("<NULL>", "<START>", "<END>")
        )
        self.params = {
            "W_proj": rng.normal(size=(F, H)) / np.sqrt(F),
            "b_proj": np.zeros(H),
            "W_embed": rng.normal(size=(V, D)) / 100,
            "Wx": rng.normal(size=(D, k * H)) / np.sqrt(D),
            "Wh": rng.normal(size=(H, k * H)) / np.sqrt(H),
            "b": np.zeros(k * H),
            "W_vocab": rng.normal(size=(H, V)) / np.sqrt(H),
            "b_vocab": np.zeros(V),
        }

    def loss(self, features, captions):
        """How badly the model predicts the captions, and the gradient of every parameter.

        Every caption is `<START>` w1 w2 ... `<END>`, filled up with `<NULL>`. The network reads all
        but the last column and is asked for all but the first; positions where `<NULL>` is asked
        for do not count.

        Inputs:
        - features: (N, F), one row per picture
        - captions: (N, T+1), whole numbers

        Returns:
        - loss: a number, summed over time and averaged over the batch, as in lesson 2
        - grads: dictionary with the keys and shapes of self.params

        Source: lecture, "Neural Image Captioning".
        """
        raise NotImplementedError("CaptioningRNN.loss (Tasks 9.1 to 9.3, 13 points)")
        return loss, grads

    def sample(self, features, max_length):
        """Write captions greedily: at every step, the word with the highest score.

        The network reads `<START>` first, and then its own last word. Of equal scores the smallest
        id wins. An LSTM's cell state starts at zero, as in lstm_forward. What is returned for each
        picture:

        - position 0 holds the first word the network *says* (`<START>` is read, never returned);
        - if the network says `<END>`, that `<END>` is returned in its place, and every later
          position of that row holds `<NULL>`, whatever the network would go on to say;
        - a row that never says `<END>` is cut after max_length words.

        Inputs:
        - features: (N, F), one row per picture
        - max_length: a whole number, at least 1

        Returns:
        - captions: (N, max_length), whole numbers

        Source: lecture, "Neural Image Captioning".
        """
        raise NotImplementedError("CaptioningRNN.sample (Tasks 9.4 to 9.6, 10 points)")
        return captions


def corpus_bleu(candidates, references, max_n=4):
    """BLEU of a whole test set: how much of what was written stands in what people wrote.

    For n = 1..max_n, over the whole corpus: p_n = matching n-grams / n-grams written, where an
    n-gram matches at most as often as it occurs in that one reference of its picture that has it
    most often. With c the total length of all candidates and r the sum, over pictures, of the
    length of the reference nearest in length (the shorter of two equally near):

        BLEU = brevity * (p_1 p_2 ... p_max_n)^(1/max_n),    brevity = 1 if c > r, else exp(1 - r/c)

    If any p_n is zero, or there is no n-gram of some length at all, or nothing was written, BLEU is
    exactly 0: no smoothing, and no small number in the place of 0.

    Inputs:
    - candidates: list of captions, each a list of words (any hashable things)
    - references: list, for each candidate, of one or more reference captions
    - max_n: a whole number, the length of the longest n-grams that count

    Returns:
    - bleu: a number between 0 and 1

    Source: Papineni et al. 2002.
    """

    raise NotImplementedError("corpus_bleu (Task 9.7, 4 points)")
    return bleu
