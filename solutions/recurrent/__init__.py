"""Recurrent networks by hand: one module per lesson, forward and backward in numpy.

Conventions, everywhere: batch first, row vectors, weights on the right,
`h_t = tanh(x_t Wx + h_{t-1} Wh + b)`. N batch, T time, D input, H hidden, V vocabulary, L layers.
"""
