from . import kam_briefing_report
from . import kam_funnel_report
from . import kam_person_report
from . import kam_plan_report
from . import kam_reaction_report
from . import kam_quota_report
from . import kam_channel_report
from . import kam_reference_report
