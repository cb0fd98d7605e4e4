"""`python -m services.scheduling`"""

import gc

if __name__ == "__main__":
    gc.disable()  # what is imported stays; `main` looks for garbage again when it works
    from backbone.process import main
    from services.scheduling.service import SERVICE

    main(SERVICE)
