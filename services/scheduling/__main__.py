"""`python -m services.scheduling`"""

from backbone.process import main
from services.scheduling.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
