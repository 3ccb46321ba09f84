//! The form to fill in: empty, ready-made, or as a browser sends it.

use chrono::{DateTime, Datelike, Days, NaiveDateTime, TimeZone, Utc, Weekday};
use chrono_tz::Asia::Shanghai;

use crate::form::{Form, FormFile};
use crate::hub::Hub;
use crate::xlsx;

/// The form to fill in, with what is filled in already.
pub(crate) struct Filling {
    pub(crate) form: Form,
    /// For the input of day and time.
    pub(crate) planned: String,
    pub(crate) related: String,
    /// Of a returned form, its number.
    pub(crate) again: String,
    pub(crate) urgencies: Vec<Chip>,
    /// Label, field name and choices.
    pub(crate) choices: Vec<(&'static str, &'static str, Vec<Chip>)>,
}

/// Something that can be chosen.
pub(crate) struct Chip {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

const FILES: [&str; 2] = ["变更计划清单.xlsx", "权限配置登记表.xlsx"];

/// The form page, empty or filled with a ready-made form.
pub(crate) fn filling(hub: &Hub, preset: &str, again: &str) -> Filling {
    let planned = likely_window(hub.now());
    let form = match preset {
        "faulty" => crate::forms::faulty(planned),
        "corrected" => crate::forms::corrected(planned),
        _ => Form {
            urgency: "正常".to_owned(),
            planned_time: Some(planned),
            ..Form::default()
        },
    };
    let people = |words: &str, chosen: &[String]| {
        let matching = hub
            .settings
            .people
            .iter()
            .filter(|person| person.role.starts_with(words));
        matching
            .map(|person| Chip {
                value: person.userid.clone(),
                label: person.name.clone(),
                chosen: chosen.contains(&person.userid),
            })
            .collect::<Vec<_>>()
    };
    Filling {
        planned: form
            .planned_time
            .unwrap_or(planned)
            .with_timezone(&Shanghai)
            .format("%Y-%m-%dT%H:%M")
            .to_string(),
        related: form.related.join(" "),
        again: again.to_owned(),
        urgencies: named(&["正常", "紧急"], |name| form.urgency == name),
        choices: vec![
            (
                "产品经理",
                "product_managers",
                people("产品", &form.product_managers),
            ),
            ("测试同事", "testers", people("测试", &form.testers)),
            (
                "附件",
                "files",
                named(&FILES, |name| form.files.iter().any(|file| file.name == name)),
            ),
        ],
        form,
    }
}

fn named(names: &[&str], is_chosen: impl Fn(&str) -> bool) -> Vec<Chip> {
    names
        .iter()
        .map(|name| Chip {
            value: (*name).to_owned(),
            label: (*name).to_owned(),
            chosen: is_chosen(name),
        })
        .collect()
}

/// A time that usually lies in a change window: 17:00 of the next Tuesday, Thursday or Saturday.
pub(crate) fn likely_window(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&Shanghai).date_naive();
    (0..7)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|day| matches!(day.weekday(), Weekday::Tue | Weekday::Thu | Weekday::Sat))
        .filter_map(|day| Shanghai.from_local_datetime(&day.and_hms_opt(17, 0, 0)?).single())
        .map(|at| at.to_utc())
        .find(|at| *at > now)
        .unwrap_or(now)
}

/// The form as a browser sends it.
pub(crate) fn parse(fields: &[(String, String)]) -> Form {
    let one = |name: &str| {
        let found = fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.replace("\r\n", "\n"));
        found.unwrap_or_default()
    };
    let all = |name: &str| -> Vec<String> {
        fields
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    };
    let (description, images) = (one("description"), one("images"));
    let planned_time = local_time(&one("planned_time"));
    let file = |name: &String| {
        if name.starts_with("权限") {
            FormFile::new(name, &permissions())
        } else {
            let day = planned_time.unwrap_or(DateTime::UNIX_EPOCH);
            crate::forms::change_plan(&description, &images, day)
        }
    };
    Form {
        title: one("title"),
        urgency: one("urgency"),
        rollback: one("rollback"),
        product_managers: all("product_managers"),
        testers: all("testers"),
        middle_platform: one("middle_platform"),
        files: all("files").iter().map(file).collect(),
        related: one("related").split_whitespace().map(str::to_owned).collect(),
        planned_time,
        description,
        images,
    }
}

fn permissions() -> Vec<u8> {
    xlsx::workbook(&[
        &["序号", "模块", "角色", "权限"],
        &["1", "行情管理", "运营", "只读"],
    ])
}

/// A day and time in Shanghai, as browsers write it.
pub(crate) fn local_time(text: &str) -> Option<DateTime<Utc>> {
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    Shanghai.from_local_datetime(&at).single().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likely_window_is_the_next_one_to_come() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(
            likely_window(at("2026-11-24T14:00:00+08:00")),
            at("2026-11-24T17:00:00+08:00")
        );
        assert_eq!(
            likely_window(at("2026-11-24T17:00:00+08:00")),
            at("2026-11-26T17:00:00+08:00")
        );
        assert_eq!(
            likely_window(at("2026-11-27T09:00:00+08:00")),
            at("2026-11-28T17:00:00+08:00")
        );
    }
}
