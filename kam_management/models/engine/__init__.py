from . import run
from . import kam_account_event
from . import kam_account_event_drain
from . import kam_engine
from . import account_move
from . import res_company
from . import sale_order
