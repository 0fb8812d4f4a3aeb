from . import kam_level_mixin
from . import kam_account
from . import kam_account_event
from . import kam_account_merge
from . import kam_account_metrics
from . import kam_level_transition
from . import refresh
from . import refresh_transitions
