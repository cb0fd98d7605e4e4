"""`python -m board`"""

from board.application import main

if __name__ == "__main__":
    main()
