"""task.2 两高项目."""

from fenghuang.language import Bool, Outputs, outputs, rule, those_true


@rule("task.2")
def two_high_project(
    is_planned: Bool,
    industrial_policy_met: Bool,
    capacity_replaced: Bool,
    energy_reviewed: Bool,
    eia_approved: Bool,
    approved_lawfully: Bool,
    built_before_approval: Bool,
    built_as_approved: Bool,
    justified: Bool,
    clearly_over_energy_budget: Bool,
    clearly_over_emission_capacity: Bool,
) -> Outputs:
    """What is unlawful in a project that consumes much energy or emits much, and whether it may go on."""
    built_early = built_before_approval & ~is_planned
    built_otherwise = ~built_as_approved & ~is_planned
    violations = those_true(
        industrial_policy=~industrial_policy_met,
        capacity_replacement=~capacity_replaced,
        energy_review=~energy_reviewed,
        eia=~eia_approved,
        approved_against_rules=~approved_lawfully,
        built_before_approval=built_early,
        built_otherwise=built_otherwise,
    )
    lawful = industrial_policy_met & capacity_replaced & energy_reviewed & eia_approved & approved_lawfully
    must_stop = clearly_over_energy_budget | clearly_over_emission_capacity
    may_proceed = lawful & ~built_early & ~built_otherwise & ~must_stop & (~is_planned | justified)
    return outputs(violations=violations, must_stop=must_stop, may_proceed=may_proceed)
