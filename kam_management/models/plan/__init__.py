from . import kam_plan
from . import kam_plan_line
from . import kam_plan_goal
from . import kam_plan_member
from . import kam_plan_state
from . import kam_plan_template
from . import kam_plan_start
from . import kam_account
