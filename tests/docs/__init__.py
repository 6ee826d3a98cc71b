"""The documentation: what it says to type can be typed, what it quotes is there."""
