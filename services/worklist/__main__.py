"""`python -m services.worklist`"""

from backbone.process import main
from services.worklist.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
