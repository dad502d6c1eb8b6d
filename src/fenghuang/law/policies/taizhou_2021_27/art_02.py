"""art.2 历史遗留问题与联合办证."""

from fenghuang.language import Bool, Date, Law, Outputs, all_of, outputs, rule


@rule("art.2")
def legacy_registration(
    legacy_without_planning_approval: Bool, meets_2018_88: Bool, applied_on: Date, law: Law
) -> Outputs:
    """A legacy building without planning approval may be registered late, within the extension."""
    may_register_late = all_of(
        legacy_project=legacy_without_planning_approval,
        meets_2018_88=meets_2018_88,
        within_extension=applied_on <= law.applied_until,
    )
    return outputs(may_register_late=may_register_late)


@rule("art.2")
def joint_certificate(
    filed_together: Bool,
    rectified_together: Bool,
    accepted_together: Bool,
    legacy_rectified: Bool,
    county_agreed: Bool,
    upgrade_accepted: Bool,
) -> Outputs:
    """Legacy defect and upgrade go in step and end in one certificate."""
    joint_certificate_granted = all_of(
        synchronous=filed_together & rectified_together & accepted_together,
        legacy_rectified=legacy_rectified,
        county_agreed=county_agreed,
        upgrade_accepted=upgrade_accepted,
    )
    return outputs(joint_certificate_granted=joint_certificate_granted)
