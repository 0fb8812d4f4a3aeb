from . import run
from . import kam_account_event
from . import kam_engine
from . import kam_engine_night
from . import account_move
from . import res_company
from . import sale_order
