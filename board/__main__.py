"""`python -m board`"""

import gc

if __name__ == "__main__":
    gc.disable()  # what is imported stays
    from board.application import main

    gc.freeze()
    gc.enable()
    main()
