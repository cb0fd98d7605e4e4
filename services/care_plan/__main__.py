"""`python -m services.care_plan`"""

from backbone.process import main
from services.care_plan.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
