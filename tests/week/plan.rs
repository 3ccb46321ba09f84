//! The week's changes: when each is filed, by whom, and what becomes of it. The same for the same number.

use changegate_simulator::{Form, forms};
use chrono::{DateTime, TimeDelta, Utc};

/// What a change goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Plain,
    Emergency,
    /// Filed with faults, withdrawn, filed again.
    Corrected,
    /// Withdrawn while approvers look at it.
    Withdrawn,
    /// Refused by an approver.
    Declined,
    /// Sent back by an approver, and sent in again.
    Returned,
    /// Handed over by an approver.
    Transferred,
    /// With a technical requirement.
    Technical,
    MiddlePlatform,
    UnitedStates,
    HongKong,
    Singapore,
    /// An anomaly, rolled back.
    RolledBack,
    /// An anomaly, mended.
    Fixed,
    /// Those press who may not.
    WrongPresser,
    /// Everybody takes their time.
    Late,
}

const KINDS: [Kind; 20] = [
    Kind::Plain,
    Kind::Corrected,
    Kind::RolledBack,
    Kind::Technical,
    Kind::Late,
    Kind::Returned,
    Kind::Plain,
    Kind::MiddlePlatform,
    Kind::WrongPresser,
    Kind::UnitedStates,
    Kind::Emergency,
    Kind::Fixed,
    Kind::Transferred,
    Kind::HongKong,
    Kind::Withdrawn,
    Kind::Plain,
    Kind::Singapore,
    Kind::Declined,
    Kind::Emergency,
    Kind::Late,
];

/// A change before it is filed.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) number: usize,
    pub(crate) kind: Kind,
    pub(crate) applicant: &'static str,
    /// Who carries it out.
    pub(crate) executor: &'static str,
    pub(crate) filed: DateTime<Utc>,
    /// From when on it is carried out.
    pub(crate) start: DateTime<Utc>,
}

/// A moment of a day of the week, in Shanghai: 0 is Monday 23 November 2026.
pub(crate) fn at(day: i64, hour: i64, minute: i64) -> DateTime<Utc> {
    let monday = DateTime::parse_from_rfc3339("2026-11-23T00:00:00+08:00").unwrap();
    monday.to_utc() + TimeDelta::days(day) + TimeDelta::minutes(hour * 60 + minute)
}

/// So many changes, spread over the week.
pub(crate) fn week(changes: usize) -> Vec<Plan> {
    (0..changes).map(|number| plan(number, changes)).collect()
}

fn plan(number: usize, changes: usize) -> Plan {
    let kind = KINDS[number % KINDS.len()];
    let spread = |minutes: usize| i64::try_from(minutes / 10 * 10).unwrap();
    // 0 to 239 minutes into the morning, and as far into the window
    let place = number / 3 * 239 / (changes / 3 + 1);
    let (day, hour) = if kind == Kind::Emergency {
        ([0, 2, 4][number / 10 % 3], 17)
    } else {
        ([1, 3, 5][number % 3], 17)
    };
    Plan {
        number,
        kind,
        applicant: ["zhangwei", "wulei", "zhouyang", "xuting"][number % 4],
        executor: ["machao", "qianhao"][number % 2],
        filed: at(day, 9, 50) + TimeDelta::minutes(spread(place)),
        start: at(day, hour, 0) + TimeDelta::minutes(spread(place / 2)),
    }
}

impl Plan {
    /// The form without a fault.
    pub(crate) fn form(&self) -> Form {
        let feature = format!("自选股分组{}", self.number);
        let (feature, item) = match self.kind {
            Kind::UnitedStates => (format!("美股行情{}", self.number), String::new()),
            Kind::HongKong => (format!("港股行情{}", self.number), String::new()),
            Kind::Singapore => (format!("新加坡行情{}", self.number), String::new()),
            Kind::Technical => (feature, "技术需求，无须产品验收，已通过回归测试".to_owned()),
            _ => (feature, String::new()),
        };
        let item = if item.is_empty() {
            "已通过 UAT 验收，已通过回归测试"
        } else {
            item.as_str()
        };
        let team = if self.number.is_multiple_of(2) {
            ("行情", "QUOTE")
        } else {
            ("交易", "TRADE")
        };
        let form = forms::corrected(self.start);
        Form {
            // Each of a system of its own: which of two at the same system is seen first would be chance.
            title: format!("{}{}系统{feature}功能上线变更", team.0, self.number),
            urgency: if self.kind == Kind::Emergency {
                "紧急"
            } else {
                "正常"
            }
            .to_owned(),
            description: format!(
                "1、{feature}功能，{item}；JIRA 单：http://jira.yxzq.com/browse/{}-{}；",
                team.1,
                3000 + self.number
            ),
            product_managers: vec![["chenjing", "linfeng"][self.number % 2].to_owned()],
            testers: vec![["wangfang", "liuyan"][self.number % 2].to_owned()],
            middle_platform: if self.kind == Kind::MiddlePlatform {
                "中台行情模块：查询接口权限，角色：行情运营".to_owned()
            } else {
                String::new()
            },
            files: self.files(form.files.clone()),
            images: format!("gateway-{}:v2.9.0", self.number),
            ..form
        }
    }

    /// The same, filled in carelessly.
    pub(crate) fn careless(&self) -> Form {
        Form {
            rollback: "无".to_owned(),
            ..self.form()
        }
    }

    fn files(&self, mut files: Vec<changegate_simulator::FormFile>) -> Vec<changegate_simulator::FormFile> {
        if self.kind == Kind::MiddlePlatform {
            let content = files
                .first()
                .map(changegate_simulator::FormFile::content)
                .unwrap_or_default();
            files.push(changegate_simulator::FormFile::new(
                "权限配置登记表.xlsx",
                &content,
            ));
        }
        files
    }
}
