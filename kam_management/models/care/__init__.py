from . import kam_complaint
from . import kam_account
