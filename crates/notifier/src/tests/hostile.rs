//! Whatever others wrote, cards and messages stay within WeCom's limits and keep what must never be missing.

use changegate_lifecycle::{Action, Anomaly, Count, DutyKind, DutyState, Notice, Said, Stage};
use changegate_policy::{Field, Market, UserId};
use changegate_wecom::message::limits::{CARD_DESC, CARD_SUB_TITLE, CARD_TITLE};
use changegate_wecom::message::{Body, Button, HorizontalContent, TemplateCard, replace_card_json};
use proptest::prelude::*;

use super::sample::{KEYS, LINKS, NUMBER, PAGE, Scene, at, user};
use crate::actions::label;
use crate::{DigestLine, RenderError, digest, settled};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[一-龥]{0,400}",
        any::<String>(),
        Just("[a](https://evil.example.com) <font color=\"info\">".repeat(40)),
        Just("**\n--\n单号：1\n\n> `x`\u{1}\u{3}".repeat(60)),
    ]
}

fn scene(title: &str, words: &str, kind: DutyKind, stage: Stage) -> Scene {
    let mut scene = Scene::whole()
        .executed("17:40")
        .concerning(&[Market::Us, Market::HongKong])
        .with_duty(kind, &["pm", "dev"])
        .in_stage(stage);
    let form = &mut scene.submission;
    form.title = Field::Filled(title.to_owned());
    form.rollback = Field::Filled(words.to_owned());
    form.images = Field::Filled(words.to_owned());
    form.applicants = vec![UserId::new(words); 3];
    form.middle_platform = Field::Filled(words.to_owned());
    for item in &mut scene.verdict.change.items {
        words.clone_into(&mut item.feature);
    }
    scene.change.anomalies.push(Anomaly {
        at: at("17:50"),
        by: UserId::new(words),
        what: words.to_owned(),
        handled: None,
        recovered: None,
        corrected: None,
    });
    scene.change.duties[0].holders.insert(UserId::new(words));
    scene.an_incident()
}

fn parts(card: &TemplateCard) -> (String, String, String, Vec<HorizontalContent>) {
    let (title, text, rows) = match card {
        TemplateCard::ButtonInteraction(card) => (
            card.main_title.clone(),
            card.sub_title_text.clone(),
            card.horizontal_content_list.clone(),
        ),
        TemplateCard::TextNotice(card) => (
            card.main_title.clone().unwrap(),
            card.sub_title_text.clone(),
            card.horizontal_content_list.clone(),
        ),
        other => panic!("{other:?}"),
    };
    (
        title.title.unwrap_or_default(),
        title.desc.unwrap_or_default(),
        text.unwrap_or_default(),
        rows,
    )
}

/// Limits that WeCom advises, and that others' words are only words.
fn check(card: &TemplateCard) -> Result<(), TestCaseError> {
    let (title, desc, text, rows) = parts(card);
    prop_assert!((1..=CARD_TITLE).contains(&title.chars().count()), "{title}");
    prop_assert!(desc.chars().count() <= CARD_DESC, "{desc}");
    prop_assert!(text.chars().count() <= CARD_SUB_TITLE, "{text}");
    prop_assert!(rows.len() <= 6);
    for row in &rows {
        prop_assert!((1..=5).contains(&row.keyname.chars().count()), "{row:?}");
        let value = row.value.as_deref().unwrap_or_default();
        prop_assert!((1..=30).contains(&value.chars().count()), "{row:?}");
    }
    let number = rows.last().and_then(|row| row.value.clone());
    prop_assert_eq!(number.as_deref(), Some(NUMBER));
    for shown in [&title, &desc, &text] {
        prop_assert!(
            !shown.contains("](") && !shown.contains("://") && !shown.contains('<'),
            "{shown}"
        );
        prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    }
    Ok(())
}

fn duties() -> impl Strategy<Value = DutyKind> {
    prop::sample::select(DutyKind::ALL.to_vec())
}

fn stages() -> impl Strategy<Value = Stage> {
    prop::sample::select(Stage::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_card_fits_and_keeps_its_number_and_its_buttons(
        kind in duties(),
        stage in stages(),
        title in text(),
        words in text(),
        reminded in any::<bool>(),
    ) {
        let scene = scene(&title, &words, kind, stage);
        let notice = if reminded {
            let count = Count {
                number: 2,
                of: 3,
                next_in: Some(30),
                next: (0..12).map(|n| UserId::new(format!("{words}{n}"))).collect(),
                to_holder: true,
            };
            Notice::Reminder { duty: 1, count }
        } else {
            Notice::Duty { duty: 1 }
        };
        let rendered = scene.rendered("pm", &notice, PAGE);
        let Body::TemplateCard(card) = &rendered.message.body else { panic!("{:?}", rendered.message) };
        check(card)?;
        let plain = Scene::whole().with_duty(kind, &["pm"]).rendered("pm", &Notice::Duty { duty: 1 }, PAGE);
        let Body::TemplateCard(tame) = &plain.message.body else { panic!("{:?}", plain.message) };
        prop_assert_eq!(parts(card).0, parts(tame).0, "the first line is ours");
        match &**card {
            TemplateCard::ButtonInteraction(buttons) => {
                let called: Vec<&Button> = buttons.button_list.iter().filter(|button| button.key.is_some()).collect();
                prop_assert_eq!(called.len(), rendered.actions.len());
                for (button, action) in called.iter().zip(&rendered.actions) {
                    prop_assert_eq!(button.key.clone(), Some(format!("{}.{}", KEYS.card_key, action.word())));
                    prop_assert_eq!(&button.text, label(kind, *action, &scene.change));
                }
                prop_assert!(buttons.button_list.iter().all(|button| button.text.chars().count() <= 10));
            }
            TemplateCard::TextNotice(links) => {
                prop_assert!(rendered.actions.is_empty() && !links.jump_list.is_empty());
            }
            other => panic!("{other:?}"),
        }
        let line = rendered.line.unwrap();
        prop_assert!(line.len() <= 200 && line.contains(NUMBER) && !line.contains('\n'), "{} bytes: {line}", line.len());
        let Body::TextCard { description, .. } = rendered.fallback.unwrap().body else { panic!("no text card") };
        prop_assert!(description.contains(NUMBER), "{description}");
    }

    #[test]
    fn every_result_fits(
        kind in duties(),
        stage in stages(),
        action in prop::sample::select(Action::ALL.to_vec()),
        state in prop::sample::select(vec![DutyState::Open, DutyState::Done, DutyState::Dropped]),
        by in text(),
        title in text(),
    ) {
        let mut scene = scene(&title, &by, kind, stage);
        let duty = &mut scene.change.duties[0];
        duty.state = state;
        duty.said.insert(UserId::new(&by), Said { action, at: at("17:42") });
        let duty = duty.clone();
        for viewer in [UserId::new(&by), user("dev")] {
            let card = settled(&duty, &viewer, &scene.about(), &LINKS).unwrap();
            check(&card)?;
            prop_assert!(!card.calls_back());
            replace_card_json(1, "code", &["dev".to_owned()], &card).unwrap();
        }
    }

    #[test]
    fn every_message_of_the_course_fits_with_the_longest_links(
        notice in super::limits::course(),
        title in text(),
        words in text(),
        stage in stages(),
    ) {
        let page = format!("https://changegate.example.com/{}", "p".repeat(700));
        let scene = scene(&title, &words, DutyKind::Verify, stage);
        let message = scene.tells("dev", &notice, &page);
        prop_assert!(message.contains(NUMBER), "{message}");
        let head = message.lines().next().unwrap_or_default();
        prop_assert!(head.starts_with("**") && head.ends_with("**"), "{head}");
        let ours = [page.as_str(), LINKS.act, LINKS.incident, LINKS.duty.unwrap()];
        let links = message.matches("](").count();
        let to_us: usize = ours.iter().map(|link| message.matches(&format!("]({link})")).count()).sum();
        prop_assert!(links >= 1 && links == to_us, "{message}");
        prop_assert_eq!(message.matches("://").count(), links, "{}", message);
        prop_assert!(message.chars().all(|c| c == '\n' || !c.is_control()));
    }

    #[test]
    fn every_digest_fits(lines in prop::collection::vec(text(), 1..60)) {
        let lines: Vec<DigestLine> = lines
            .into_iter()
            .map(|line| DigestLine { sp_no: NUMBER.to_owned(), line })
            .collect();
        let message = digest(&lines, &user("pm"), PAGE);
        prop_assert!(message.is_ok(), "{message:?}");
    }

    #[test]
    fn a_number_of_any_length_fits(number in text(), kind in duties()) {
        let mut scene = scene("标题", "内容", kind, Stage::Verifying);
        scene.submission.sp_no = number;
        let rendered = scene.rendered("pm", &Notice::Duty { duty: 1 }, PAGE);
        prop_assert!(rendered.line.unwrap().len() <= 200);
        scene.tells("dev", &Notice::Executed, PAGE);
    }
}

#[test]
fn a_reader_without_an_id_is_an_error() {
    let scene = Scene::whole();
    let failed = crate::render(&Notice::Executed, &user("@all"), &scene.about(), &LINKS, None);
    assert!(matches!(failed, Err(RenderError::Limits(_))), "{failed:?}");
}
