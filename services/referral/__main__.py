"""`python -m services.referral`"""

from backbone.process import main
from services.referral.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
