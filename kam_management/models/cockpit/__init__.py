from . import kam_cockpit
from . import kam_cockpit_quotas
from . import kam_cockpit_contacts
from . import kam_cockpit_accounts
from . import kam_cockpit_managers
from . import kam_cockpit_manager_figures
from . import kam_cockpit_portfolio
from . import mail_activity
