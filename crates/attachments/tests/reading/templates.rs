//! The workbooks made here are read here: a blank one counts nothing, a filled one its rows.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use changegate_attachments::{Content, PlanRow, Template, TemplateError, Workbook, blank, change_plan, read};
use chrono::NaiveDate;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

#[track_caller]
fn opened(name: &str, bytes: &[u8]) -> Workbook {
    match read(name, bytes) {
        Content::Workbook(workbook) => workbook,
        content => panic!("{content:?}"),
    }
}

fn row(number: usize) -> PlanRow {
    PlanRow {
        feature: "登录改造".to_owned(),
        jira_key: format!("PROJ-{number}"),
        system: "交易系统/登录".to_owned(),
        image: "registry.example.com/login:1.2.3".to_owned(),
        rollback: "回退镜像至 1.2.2".to_owned(),
        owner: "张三".to_owned(),
    }
}

#[test]
fn a_blank_workbook_has_its_headings_and_no_rows() {
    for template in Template::ALL {
        let book = opened(template.file_name(), &blank(template, day()).unwrap());
        assert_eq!(book.filled_rows, 0);
        assert!(book.jira_keys.is_empty());
        let expected: &[&str] = match template {
            Template::ChangePlan => &[
                "序号",
                "功能",
                "JIRA 单",
                "系统/模块",
                "变更内容（镜像/脚本/配置）",
                "目标版本",
                "执行顺序",
                "回退方案",
                "负责人",
                "关联流程",
                "备注",
            ],
            Template::PermissionRegister => &[
                "序号",
                "系统",
                "角色",
                "菜单/权限点",
                "接口",
                "变更类型",
                "申请人",
                "配置人",
                "生效时间",
                "备注",
            ],
        };
        assert_eq!(book.header, expected);
    }
}

#[test]
fn a_filled_plan_has_its_rows_and_keys() {
    let rows: Vec<PlanRow> = (1..=40).map(row).collect();
    let book = opened("变更计划清单.xlsx", &change_plan(&rows, day()).unwrap());
    assert_eq!(book.filled_rows, 40);
    assert_eq!(book.jira_keys.len(), 40);
}

#[test]
fn another_reader_sees_the_same() {
    let bytes = change_plan(&[row(1)], day()).unwrap();
    let mut other = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(other.sheet_names(), ["变更计划清单", "填写说明"]);
    let range = other.worksheet_range("变更计划清单").unwrap();
    let texts: Vec<String> = (0..11)
        .map(|column| {
            range
                .get_value((2, column))
                .map_or_else(String::new, Data::to_string)
        })
        .collect();
    assert_eq!(
        texts,
        [
            "1",
            "登录改造",
            "PROJ-1",
            "交易系统/登录",
            "registry.example.com/login:1.2.3",
            "",
            "",
            "回退镜像至 1.2.2",
            "张三",
            "",
            ""
        ]
    );
}

#[test]
fn a_formula_in_the_form_stays_text() {
    let mut formula = row(1);
    formula.feature = "=HYPERLINK(\"http://example.com\")".to_owned();
    let bytes = change_plan(&[formula], day()).unwrap();
    let mut other = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = other.worksheet_range("变更计划清单").unwrap();
    assert!(matches!(range.get_value((2, 1)), Some(Data::String(text)) if text.starts_with('=')));
}

#[test]
fn equal_input_gives_equal_bytes() {
    for template in Template::ALL {
        assert_eq!(blank(template, day()).unwrap(), blank(template, day()).unwrap());
    }
    let rows = [row(1), row(2)];
    assert_eq!(
        change_plan(&rows, day()).unwrap(),
        change_plan(&rows, day()).unwrap()
    );
}

#[test]
fn a_plan_longer_than_what_is_read_is_refused() {
    let rows = vec![PlanRow::default(); 20_001];
    let result = change_plan(&rows, day());
    assert!(matches!(result, Err(TemplateError::TooLong { found: 20_001 })));
}
