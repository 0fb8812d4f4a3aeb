from . import kam_account_term
from . import kam_quota
from . import kam_quota_line
from . import kam_quota_indicators
from . import kam_quota_fact
from . import kam_quota_decision
