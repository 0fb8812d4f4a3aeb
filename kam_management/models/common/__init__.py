from . import base_import
from . import kam_guard
from . import kam_record
from . import kam_merge
from . import kam_import
from . import kam_import_lookup
from . import ir_fields_converter
from . import mail_scheduled_message
