"""Who comes back, who left, and who is about to?"""

from functools import partial

from components import retention_contracts as contracts, retention_purchases as purchases, retention_silence as silence, retention_survival as survival
from components.insight_filters import lens
from components.kpi_card import cards
from components.live import live
from components.retention_view import beside, kind_switch, say_basis, say_period
from components.shell import open_page

actor = open_page("retention")
view = lens(actor)
now = view.present
say_period(view)
kind = kind_switch(actor)
counted = say_basis(actor, kind)
if counted and kind == "contracts":
    cards(actor, contracts.CARDS, view, columns=5)
    beside(partial(contracts.movements, actor, view), partial(contracts.revenue, actor, view))
    beside(partial(survival.survival, actor, view), partial(contracts.reasons, actor, view))
    beside(partial(purchases.cohort_heat, actor, view, contracts=True), partial(contracts.ending, actor, now))
elif counted:
    cards(actor, purchases.CARDS, view)
    beside(partial(silence.stage_areas, actor, view), partial(silence.silence, actor, view))
    beside(partial(purchases.repeats, actor, view), partial(purchases.activity, actor, view))
    silence.outlook(actor, now)
    beside(partial(silence.likely_lost, actor, now), partial(purchases.rfm_heat, actor, view))
    purchases.cohort_heat(actor, view)
live(actor)
