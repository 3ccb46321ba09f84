//! One control being filled in.

use serde_json::{Value, json};

use super::FilingFault;
use crate::approval::{SelectorOption, TemplateControl};

/// No form of WeCom's is planned for a year beyond 9999, in seconds since 1970.
const LAST_SECOND: i64 = 253_402_300_799;

/// A control and what it was given.
#[derive(Debug, Clone)]
pub(super) struct Slot<'t> {
    control: &'t TemplateControl,
    given: Given,
}

#[derive(Debug, Clone)]
enum Given {
    Nothing,
    Text(String),
    Options(Vec<String>),
    Members(Vec<String>),
    Date(i64),
    Files(Vec<String>),
    Related(Vec<String>),
}

impl<'t> Slot<'t> {
    pub(super) fn new(control: &'t TemplateControl) -> Self {
        Self {
            control,
            given: Given::Nothing,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.control.property.id
    }

    pub(super) fn title(&self) -> &str {
        self.control.property.title().trim()
    }

    pub(super) fn text(&mut self, value: &str) -> Result<(), FilingFault> {
        let value = match self.kind() {
            "Text" => value.split_whitespace().collect::<Vec<_>>().join(" "),
            "Textarea" => value.trim().to_owned(),
            _ => return Err(self.wrong_kind("文字")),
        };
        if !value.is_empty() {
            self.given = Given::Text(value);
        }
        Ok(())
    }

    pub(super) fn choose(&mut self, option: &str) -> Result<(), FilingFault> {
        let Some(config) = self
            .control
            .config
            .selector
            .as_ref()
            .filter(|_| self.kind() == "Selector")
        else {
            return Err(self.wrong_kind("选项"));
        };
        let wanted = option.trim();
        if wanted.is_empty() {
            return Ok(());
        }
        let Some(found) = config.options.iter().find(|known| known.text().trim() == wanted) else {
            let texts: Vec<&str> = config.options.iter().map(SelectorOption::text).collect();
            return Err(FilingFault::NoOption {
                title: self.title().to_owned(),
                option: wanted.to_owned(),
                options: texts.join("、"),
            });
        };
        let mut keys = match std::mem::replace(&mut self.given, Given::Nothing) {
            Given::Options(keys) => keys,
            _ => Vec::new(),
        };
        if !keys.contains(&found.key) {
            keys.push(found.key.clone());
        }
        let chosen = keys.len();
        let single = config.kind != "multi";
        self.given = Given::Options(keys);
        if single && chosen > 1 {
            return Err(self.one_only(chosen));
        }
        Ok(())
    }

    pub(super) fn members(&mut self, userids: &[String]) -> Result<(), FilingFault> {
        let config = self.control.config.contact.as_ref();
        if self.kind() != "Contact" || config.is_some_and(|config| config.mode == "department") {
            return Err(self.wrong_kind("成员"));
        }
        if config.is_some_and(|config| config.kind == "single") && userids.len() > 1 {
            return Err(self.one_only(userids.len()));
        }
        if !userids.is_empty() {
            self.given = Given::Members(userids.to_vec());
        }
        Ok(())
    }

    pub(super) fn date(&mut self, seconds: i64) -> Result<(), FilingFault> {
        if self.kind() != "Date" {
            return Err(self.wrong_kind("日期"));
        }
        if !(1..=LAST_SECOND).contains(&seconds) {
            return Err(FilingFault::NoDate {
                title: self.title().to_owned(),
            });
        }
        self.given = Given::Date(seconds);
        Ok(())
    }

    pub(super) fn file(&mut self, media_id: &str) -> Result<(), FilingFault> {
        if self.kind() != "File" {
            return Err(self.wrong_kind("附件"));
        }
        let mut files = match std::mem::replace(&mut self.given, Given::Nothing) {
            Given::Files(files) => files,
            _ => Vec::new(),
        };
        files.push(media_id.to_owned());
        self.given = Given::Files(files);
        Ok(())
    }

    pub(super) fn related(&mut self, sp_nos: &[String]) -> Result<(), FilingFault> {
        if self.kind() != "RelatedApproval" {
            return Err(self.wrong_kind("关联审批单"));
        }
        if !sp_nos.is_empty() {
            self.given = Given::Related(sp_nos.to_vec());
        }
        Ok(())
    }

    /// What is missing in it.
    pub(super) fn lacks(&self) -> Option<FilingFault> {
        let empty = matches!(self.given, Given::Nothing) && self.control.property.is_required();
        let title = || self.title().to_owned();
        match self.kind() {
            // WeCom fills these in itself.
            _ if !empty => None,
            "Tips" | "Formula" => None,
            "Text" | "Textarea" | "Selector" | "Date" | "File" | "RelatedApproval" => {
                Some(FilingFault::Missing { title: title() })
            }
            "Contact" if !self.takes_departments() => Some(FilingFault::Missing { title: title() }),
            _ => Some(FilingFault::CannotFill {
                title: title(),
                kind: self.kind_in_words(),
            }),
        }
    }

    pub(super) fn file_count(&self) -> usize {
        match &self.given {
            Given::Files(files) => files.len(),
            _ => 0,
        }
    }

    pub(super) fn into_content(self) -> Option<Value> {
        let value = match &self.given {
            Given::Nothing => return None,
            Given::Text(text) => json!({"text": text}),
            Given::Options(keys) => {
                let options: Vec<Value> = keys.iter().map(|key| json!({"key": key})).collect();
                let kind = if self.takes_several() { "multi" } else { "single" };
                json!({"selector": {"type": kind, "options": options}})
            }
            Given::Members(userids) => {
                let members: Vec<Value> = userids.iter().map(|userid| json!({"userid": userid})).collect();
                json!({"members": members})
            }
            Given::Date(seconds) => {
                json!({"date": {"type": self.date_kind(), "s_timestamp": seconds.to_string()}})
            }
            Given::Files(files) => {
                let files: Vec<Value> = files.iter().map(|id| json!({"file_id": id})).collect();
                json!({"files": files})
            }
            Given::Related(sp_nos) => {
                let related: Vec<Value> = sp_nos.iter().map(|sp_no| json!({"sp_no": sp_no})).collect();
                json!({"related_approval": related})
            }
        };
        Some(json!({"control": self.kind(), "id": self.id(), "value": value}))
    }

    fn kind(&self) -> &str {
        &self.control.property.control
    }

    fn takes_departments(&self) -> bool {
        let contact = self.control.config.contact.as_ref();
        contact.is_some_and(|config| config.mode == "department")
    }

    fn takes_several(&self) -> bool {
        let selector = self.control.config.selector.as_ref();
        selector.is_some_and(|config| config.kind == "multi")
    }

    fn date_kind(&self) -> &str {
        let date = self.control.config.date.as_ref();
        date.map(|config| config.kind.as_str())
            .filter(|kind| *kind == "day")
            .unwrap_or("hour")
    }

    fn one_only(&self, count: usize) -> FilingFault {
        FilingFault::OneOnly {
            title: self.title().to_owned(),
            count,
        }
    }

    fn wrong_kind(&self, given: &'static str) -> FilingFault {
        FilingFault::WrongKind {
            title: self.title().to_owned(),
            kind: self.kind_in_words(),
            given,
        }
    }

    /// As WeCom's template editor calls it.
    fn kind_in_words(&self) -> String {
        let words = match self.kind() {
            "Text" => "文本",
            "Textarea" => "多行文本",
            "Number" => "数字",
            "Money" => "金额",
            "Date" => "日期",
            "DateRange" => "时长",
            "Selector" => "单选/多选",
            "Contact" if self.takes_departments() => "部门",
            "Contact" => "成员",
            "File" => "附件",
            "Table" => "明细",
            "RelatedApproval" => "关联审批单",
            "Location" => "位置",
            "Vacation" => "假勤",
            "Attendance" => "出差/外出/加班",
            "PhoneNumber" => "电话号码",
            "BankAccount" => "收款账户",
            "Tips" => "说明文字",
            "Formula" => "公式",
            other => other,
        };
        words.to_owned()
    }
}
