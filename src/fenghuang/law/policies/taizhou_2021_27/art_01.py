"""art.1 盘活存量工业用地."""

from fenghuang.language import (
    Area,
    Bool,
    Law,
    Outputs,
    Ratio,
    Readings,
    Text,
    WanPerMu,
    all_of,
    by,
    first_true,
    greatest,
    outputs,
    rule,
)


@rule("art.1")
def retain_industrial_use(
    existing_industrial_land: Bool,
    replanned_to_non_industrial: Bool,
    in_near_term_expropriation: Bool,
    commits_to_obey_and_demolish_free: Bool,
) -> Outputs:
    """Land replanned away from industry may stay industrial for an upgrade while nobody is about to take it."""
    may_retain = all_of(
        existing_industrial_land=existing_industrial_land,
        replanned_to_non_industrial=replanned_to_non_industrial,
        not_in_expropriation_plan=~in_near_term_expropriation,
        commitment_given=commits_to_obey_and_demolish_free,
    )
    return outputs(may_retain_industrial_use=may_retain)


@rule("art.1")
def excess_floor_area(
    has_certificate: Bool,
    certified_floor_area_m2: Area,
    contract_fixes_far: Bool,
    contract_far: Ratio,
    land_area_m2: Area,
    floor_area_before_m2: Area,
    floor_area_after_m2: Area,
    reading: Readings,
) -> Outputs:
    """Floor area beyond what certificate, contract or the old buildings carry: demolished free when land is taken."""
    basis = first_true(certificate=has_certificate, contract=contract_fixes_far, otherwise="added")
    if reading.basis_order == "contract_first":
        basis = first_true(contract=contract_fixes_far, certificate=has_certificate, otherwise="added")
    lawful_area = by(
        basis,
        certificate=certified_floor_area_m2,
        contract=land_area_m2 * contract_far,
        added=floor_area_before_m2,
    )
    return outputs(basis=basis, excess_floor_area_m2=greatest(0, floor_area_after_m2 - lawful_area))


@rule("art.1", in_principle=("tax_per_mu_met", "value_added_per_mu_met"))
def output_benchmark(industry_division: Text, tax_per_mu: WanPerMu, value_added_per_mu: WanPerMu, law: Law) -> Outputs:
    """What the land yields against the output guide's row of its industry."""
    row = law.output_guide[industry_division]
    benchmark_met = all_of(
        tax_per_mu_met=tax_per_mu >= row.tax_per_mu,
        value_added_per_mu_met=value_added_per_mu >= row.value_added_per_mu,
    )
    return outputs(benchmark_met=benchmark_met)
