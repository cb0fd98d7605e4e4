"""Journey 1 by hand: what staff do in it is done at the board, in a real browser."""
