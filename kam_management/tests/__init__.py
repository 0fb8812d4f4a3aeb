# Odoo's own runner finds tests by import, pytest by name: a new file is listed here.
from . import test_concurrency
from . import test_crm_lead
from . import test_funnel_report
from . import test_level_rule
from . import test_metrics
from . import test_oracle
from . import test_partner_changes
from . import test_query_counts
from . import test_queue
from . import test_security_companies
from . import test_security_fields
from . import test_security_methods
from . import test_security_roles
from . import test_security_touches
from . import test_settings
from . import test_touch
from . import test_touch_capture
