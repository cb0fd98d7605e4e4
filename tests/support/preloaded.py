"""What every service reads before it begins, read once: who is forked from here begins at once."""

import gc

gc.disable()

import backbone.log.hosts.faust  # noqa: E402
import backbone.process  # noqa: E402, F401
import tests.support.forked  # noqa: E402
import tests.support.services  # noqa: E402, F401

gc.freeze()
