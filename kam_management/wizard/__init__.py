from . import kam_contact_question
from . import kam_need_transfer
from . import base_partner_merge
from . import kam_plan_new
from . import kam_plan_compare
from . import kam_plan_new_version
from . import mail_activity_schedule
from . import mail_compose_message
