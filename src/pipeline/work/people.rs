//! Who has to do with a change: from its form and from the directory.

use std::collections::BTreeSet;

use changegate_lifecycle::People;
use changegate_policy::{Directory, Field, People as Chosen, Role, Submission, UserId};

/// Everybody, by role.
pub(super) fn people(submission: &Submission, directory: Option<&Directory>) -> People {
    let chosen = |field: &Field<Chosen>| -> BTreeSet<UserId> {
        field
            .value()
            .map(|people| people.members.iter().cloned().collect())
            .unwrap_or_default()
    };
    let holders = |role: Role| -> BTreeSet<UserId> {
        directory
            .map(|directory| directory.holders(role).cloned().collect())
            .unwrap_or_default()
    };
    let team = directory.and_then(|directory| {
        submission
            .applicants
            .iter()
            .find_map(|applicant| directory.team_of(applicant))
    });
    People {
        applicants: submission.applicants.iter().cloned().collect(),
        product_managers: chosen(&submission.product_manager),
        testers: chosen(&submission.tester),
        development_leads: team
            .map(|team| team.development_leads.clone())
            .unwrap_or_default(),
        test_leads: team.map(|team| team.test_leads.clone()).unwrap_or_default(),
        ccb: holders(Role::Ccb),
        operations_leads: holders(Role::OperationsLead),
        executors: holders(Role::OperationsExecutor),
        configurers: holders(Role::PermissionConfigurer),
        rd_directors: holders(Role::RdDirector),
        project_managers: holders(Role::ProjectManager),
        emergency_response: holders(Role::EmergencyResponse),
        admins: holders(Role::Admin),
    }
}
