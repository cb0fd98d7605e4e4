"""The real worklist, with its catalogue, its watch and its timeline, under a name of its own in each run."""

import os
from dataclasses import replace

from backbone.process import main
from services.worklist.service import SERVICE

if __name__ == "__main__":
    main(replace(SERVICE, name=os.environ["BENCH_NAME"]))
