//! Who has to do with a change, by role.

use std::collections::BTreeSet;

use changegate_policy::UserId;
use serde::{Deserialize, Serialize};

/// Everybody who has to do with one change: from its form, and from the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct People {
    /// Who filed it.
    pub applicants: BTreeSet<UserId>,
    /// Product managers named in the form.
    pub product_managers: BTreeSet<UserId>,
    /// Testers named in the form.
    pub testers: BTreeSet<UserId>,
    /// Development leads of the applicant's team.
    pub development_leads: BTreeSet<UserId>,
    /// Test leads of the applicant's team.
    pub test_leads: BTreeSet<UserId>,
    /// 平台产品技术线 CCB 组.
    pub ccb: BTreeSet<UserId>,
    /// 运维负责人.
    pub operations_leads: BTreeSet<UserId>,
    /// 运维同事, who carry changes out.
    pub executors: BTreeSet<UserId>,
    /// 权限配置岗.
    pub configurers: BTreeSet<UserId>,
    /// 产研线总监.
    pub rd_directors: BTreeSet<UserId>,
    /// 项目经理.
    pub project_managers: BTreeSet<UserId>,
    /// 应急处理小组.
    pub emergency_response: BTreeSet<UserId>,
    /// changegate's administrators.
    pub admins: BTreeSet<UserId>,
}

impl People {
    /// Operations executors; where the directory names none, the operations leads, else the applicants: a duty
    /// that nobody holds would never be done.
    pub fn who_execute(&self) -> BTreeSet<UserId> {
        first(&[&self.executors, &self.operations_leads, &self.applicants])
    }

    /// Development leads, else operations leads, else applicants.
    pub fn who_lead(&self) -> BTreeSet<UserId> {
        first(&[&self.development_leads, &self.operations_leads, &self.applicants])
    }

    /// Test leads, else development leads, else applicants.
    pub fn who_lead_tests(&self) -> BTreeSet<UserId> {
        first(&[&self.test_leads, &self.development_leads, &self.applicants])
    }

    /// Product managers, else applicants.
    pub fn who_verify(&self) -> BTreeSet<UserId> {
        first(&[&self.product_managers, &self.applicants])
    }

    /// Testers, else test leads, else applicants.
    pub fn who_test(&self) -> BTreeSet<UserId> {
        first(&[&self.testers, &self.test_leads, &self.applicants])
    }

    /// Permission configurers, else operations leads, else applicants.
    pub fn who_configure(&self) -> BTreeSet<UserId> {
        first(&[&self.configurers, &self.operations_leads, &self.applicants])
    }

    /// Administrators, else operations leads.
    pub fn who_administer(&self) -> BTreeSet<UserId> {
        first(&[&self.admins, &self.operations_leads])
    }

    /// Who stays until a change is verified (九.3): development, test, product and, where it concerns the middle
    /// platform, permission configuration.
    pub fn who_stay(&self, middle_platform: bool) -> BTreeSet<UserId> {
        let mut stay: BTreeSet<UserId> = self.applicants.clone();
        stay.extend(self.product_managers.iter().cloned());
        stay.extend(self.testers.iter().cloned());
        if middle_platform {
            stay.extend(self.configurers.iter().cloned());
        }
        stay
    }
}

fn first(sets: &[&BTreeSet<UserId>]) -> BTreeSet<UserId> {
    sets.iter()
        .find(|set| !set.is_empty())
        .map(|set| (*set).clone())
        .unwrap_or_default()
}
