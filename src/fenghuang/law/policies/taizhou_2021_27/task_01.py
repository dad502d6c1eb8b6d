"""task.1 高耗低效整治 and the annex's targets for low-tax firms."""

from fenghuang.language import Bool, Law, Money, Mu, Outputs, Readings, WanPerMu, outputs, rule


@rule("task.1")
def screening_scope(is_manufacturing: Bool, above_scale: Bool, land_mu: Mu, law: Law) -> Outputs:
    """Which firms are screened."""
    return outputs(in_scope=is_manufacturing & (above_scale | (land_mu >= law.land_min)))


@rule("target.low_tax_firms")
def low_tax_firm(
    revenue: Money,
    is_inefficient: Bool,
    tax_per_mu: WanPerMu,
    tax_per_mu_previous: WanPerMu,
    law: Law,
    reading: Readings,
) -> Outputs:
    """Firms that yield little tax for their land two years running have to be upgraded."""
    large = (revenue >= law.revenue_min) & (tax_per_mu <= law.tax_max) & (tax_per_mu_previous <= law.tax_max)
    least_tax = (tax_per_mu <= law.inefficient_tax_max) & (tax_per_mu_previous <= law.inefficient_tax_max)
    inefficient = least_tax if reading.inefficient_is == "low_tax" else is_inefficient & least_tax
    return outputs(must_be_upgraded=large | inefficient)
