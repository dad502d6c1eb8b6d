"""art.6 规费减免."""

from fenghuang.language import Bool, Outputs, outputs, rule


@rule("art.6")
def fee_exemption(
    land_use_unchanged: Bool, rules_met: Bool, far_and_intensity_raised: Bool, own_production: Bool
) -> Outputs:
    """A firm that builds upwards on its own land for its own production owes no further land price or fees."""
    return outputs(fees_exempt=land_use_unchanged & rules_met & far_and_intensity_raised & own_production)
