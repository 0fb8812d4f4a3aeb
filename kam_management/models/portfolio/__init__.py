from . import kam_account_health
from . import kam_account_health_parts
