"""art.9 兼并重组."""

from fenghuang.language import Bool, Emission, Energy, Grade, Mu, Outputs, all_of, granted, outputs, rule


@rule("art.9")
def merger_quota_transfer(
    acquirer_previous_grade: Grade,
    target_is_two_high_one_low: Bool,
    registration_stays: Bool,
    tax_stays: Bool,
    target_land_mu: Mu,
    target_energy_tce: Energy,
    target_emission_t: Emission,
) -> Outputs:
    """Land, energy and emission quotas of a merged firm go with it to an acquirer that stays."""
    quotas_transfer = all_of(
        acquirer_graded_a_or_b=acquirer_previous_grade.among("A", "B"),
        target_qualifies=target_is_two_high_one_low,
        registration_stays=registration_stays,
        tax_stays=tax_stays,
    )
    return outputs(
        quotas_transfer=quotas_transfer,
        land_mu=granted(quotas_transfer, target_land_mu),
        energy_tce=granted(quotas_transfer, target_energy_tce),
        emission_t=granted(quotas_transfer, target_emission_t),
    )
