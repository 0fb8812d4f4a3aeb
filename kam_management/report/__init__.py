from . import kam_funnel_report
