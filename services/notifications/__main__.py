"""`python -m services.notifications`"""

from backbone.process import main
from services.notifications.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
