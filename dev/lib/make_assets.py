"""For `odoo shell`: makes the files that browsers load, so that no page or test has to.

Odoo makes them when a page first asks for them; a test takes them back in the end, and the
next one makes them anew.
"""

BUNDLES = (
    "web.assets_web",
    "web.assets_tests",
    "web.assets_unit_tests_setup",
    "web.assets_unit_tests",
)

env = globals()["env"]  # what the shell gives
for bundle in BUNDLES:
    env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()
