"""The KPIs of workload."""

from __future__ import annotations

from db.queries import capacity, workload_figures as work
from db.queries.kpi import Kpi

FOLLOW_UPS = ("follow_up", "customer")
LOADS = ("customer", "follow_up", "user", "absence")

DECLARED = (
    Kpi(
        key="open_follow_ups", theme="workload", label="Open follow-ups", unit="number", better="", decimals=0, nouns=FOLLOW_UPS,
        question="How much is still to be done?",
        formula="planned follow-ups at the end of the day",
        source="Own definition", ask=work.open_follow_ups, series=work.open_each, rows=work.behind_open,
    ),
    Kpi(
        key="overdue_follow_ups", theme="workload", label="Overdue follow-ups", unit="number", better="down", decimals=0, target=0, nouns=FOLLOW_UPS,
        question="What should have been done already?",
        formula="planned follow-ups due before the day",
        source="Own definition",
        pitfalls="Due today is not overdue. Without a due date a follow-up never is.",
        ask=work.overdue_follow_ups, series=work.overdue_each, rows=work.behind_open,
    ),
    Kpi(
        key="overdue_share", theme="workload", label="Overdue share", unit="percent", better="down", nouns=FOLLOW_UPS,
        question="How much of what is open is late?",
        formula="overdue follow-ups ÷ open follow-ups with a due date",
        source="Own definition", ask=work.overdue_share, rows=work.behind_open,
    ),
    Kpi(
        key="follow_ups_done", theme="workload", label="Follow-ups done", unit="number", better="up", decimals=0, plan="follow_ups", nouns=FOLLOW_UPS,
        question="How much was done?",
        formula="follow-ups done in the period",
        source="Own definition", ask=work.follow_ups_done, series=work.follow_ups_done_each, rows=work.behind_done,
    ),
    Kpi(
        key="visits_done", theme="workload", label="Visits done", unit="number", better="up", decimals=0, plan="visits", nouns=FOLLOW_UPS,
        question="How many customers were visited?",
        formula="follow-ups done in the period by visit",
        source="Own definition", ask=work.visits_done, series=work.visits_done_each, rows=work.behind_visits,
    ),
    Kpi(
        key="follow_up_attainment", theme="workload", label="Follow-up target reached", unit="percent", better="up", target=1.0, nouns=(*FOLLOW_UPS, "target"),
        question="How much of the follow-up target have we reached?",
        formula="follow-ups done by the managers with a target ÷ their targets, in a running month by working days gone",
        source="Own definition", ask=work.follow_up_attainment, rows=work.behind_done,
    ),
    Kpi(
        key="visit_attainment", theme="workload", label="Visit target reached", unit="percent", better="up", target=1.0, nouns=(*FOLLOW_UPS, "target"),
        question="How much of the visit target have we reached?",
        formula="visits done by the managers with a target ÷ their targets, in a running month by working days gone",
        source="Own definition", ask=work.visit_attainment, rows=work.behind_visits,
    ),
    Kpi(
        key="customers_per_manager", theme="workload", label="Customers per account manager", unit="number", better="", nouns=LOADS,
        question="How many customers does an account manager look after?",
        formula="customers with an owner ÷ active account managers",
        source="Own definition",
        pitfalls="Account managers without customers count too. Customers without an owner are left out.",
        ask=work.customers_owned, rows=work.behind_customers,
    ),
    Kpi(
        key="load_gini", theme="workload", label="Load inequality (Gini)", unit="number", better="down", decimals=2, nouns=LOADS,
        question="How unevenly is the load spread?",
        formula="Σ (2i − n − 1) × xᵢ ÷ (n × Σ x), managers sorted by load weighted by tier",
        source="Gini 1912",
        pitfalls="0 is equal. The weights of the tiers are a choice; they stand in the settings. Who is on leave today is left out.",
        ask=work.load_gini, rows=work.behind_customers,
    ),
    Kpi(
        key="load_variation", theme="workload", label="Spread of the load (CV)", unit="percent", better="down", target=0.5, nouns=LOADS,
        question="How far do loads lie apart?",
        formula="standard deviation of the weighted loads ÷ their mean",
        source="Pearson 1896",
        pitfalls="Review the split above 50%, or when somebody carries more than one and a half times the mean.",
        ask=work.load_variation, rows=work.behind_customers,
    ),
    Kpi(
        key="load_gap", theme="workload", label="Load gap", unit="number", better="down", decimals=2, nouns=LOADS,
        question="How much more than the middle one does the busiest account manager carry?",
        formula="highest load weighted by tier ÷ median load",
        source="Own definition",
        pitfalls="1 is equal. The weights of the tiers are a choice; they stand in the settings. Who is on leave today is left out.",
        ask=work.load_gap, rows=work.behind_customers,
    ),
    Kpi(
        key="utilisation", theme="workload", label="Utilisation", unit="percent", better="", nouns=(*FOLLOW_UPS, "user", "absence"),
        question="How much of the working time do follow-ups take?",
        formula="hours of follow-ups done and of open ones due ÷ (weekly hours by working day − absences), in a running period up to today",
        source="COPC CX Standard",
        pitfalls="75 to 85% is customary. Where no duration was noted, the usual one of the settings counts; work besides follow-ups does not.",
        ask=capacity.utilisation, rows=capacity.behind_utilisation,
    ),
)
