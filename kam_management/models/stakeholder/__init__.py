from . import kam_stakeholder_role
from . import kam_stakeholder
from . import kam_stakeholder_import
from . import kam_stakeholder_guard
from . import kam_stakeholder_history
from . import kam_stakeholder_departure
from . import kam_interest_group
from . import kam_customer_goal

# after the dossiers: in a merge their dates to remember go before the grounds for them
from . import kam_stakeholder_present
from . import kam_person_profile
from . import kam_stakeholder_personal
from . import kam_account
from . import kam_account_facts
from . import kam_account_contacts
from . import kam_account_coverage
from . import crm_lead
from . import mail_activity
from . import res_company
from . import res_partner
from . import person_traces
from . import res_partner_erasure
from . import kam_stakeholder_cadence
from . import kam_stakeholder_chart
from . import kam_remembered_date
from . import kam_remembered_date_reminder
from . import kam_engine
