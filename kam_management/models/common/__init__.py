from . import kam_guard
from . import kam_record
from . import kam_merge
from . import mail_scheduled_message
