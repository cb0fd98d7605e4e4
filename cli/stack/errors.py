"""What goes wrong with the local stack, said so that the reader knows what to do."""


class StackError(RuntimeError):
    """A part of the local stack can't be started; the message says what to do."""
