from . import kam_complaint
from . import kam_complaint_due
from . import kam_account
from . import kam_engine
from . import kam_account_facts
from . import kam_proposal
from . import res_company
