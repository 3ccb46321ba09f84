//! The definitions of the figures, on both sides of their borders.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

use super::*;

/// An instant of Beijing time.
fn instant(text: &str) -> DateTime<Utc> {
    let text = format!("{text}:00+08:00");
    DateTime::parse_from_rfc3339(&text).expect("a time").to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn month(year: i32, number: u32) -> Month {
    Month::new(year, number).expect("a month")
}

const NOVEMBER: fn() -> Period = || Period::Month(month(2026, 11));

/// A change that was filed, approved, executed and verified on one day without a fault.
fn smooth(sp_no: &str, team: &str, day: &str) -> Entry {
    Entry {
        sp_no: sp_no.to_owned(),
        team: team.to_owned(),
        applicant: "lisi".to_owned(),
        urgency: Urgency::Normal,
        filed_at: Some(instant(&format!("{day}T10:00"))),
        first_verdict: Some(Judged::Compliant),
        last_verdict: Some(Judged::Compliant),
        approved_at: Some(instant(&format!("{day}T15:30"))),
        executed_at: Some(instant(&format!("{day}T17:00"))),
        verified_at: Some(instant(&format!("{day}T18:00"))),
        closed_at: Some(instant(&format!("{day}T18:00"))),
        outcome: Some(Outcome::Successful),
        ..Entry::default()
    }
}

/// `executed` changes of a team in a month, the first `bad` of them with an anomaly.
fn record(team: &str, month: &str, executed: usize, bad: usize) -> Vec<Entry> {
    (0..executed)
        .map(|index| Entry {
            anomalies: u32::from(index < bad),
            ..smooth(&format!("{team}{month}{index:02}"), team, &format!("{month}-10"))
        })
        .collect()
}

fn figures(entries: &[Entry]) -> Figures {
    Figures::of(entries, NOVEMBER(), Shanghai)
}

#[test]
fn a_change_counts_once_however_many_anomalies_it_had() {
    let entries = [
        Entry {
            anomalies: 3,
            ..smooth("1", "交易组", "2026-11-03")
        },
        smooth("2", "交易组", "2026-11-05"),
    ];
    let rate = figures(&entries).total.anomaly_rate;
    assert_eq!((rate.value, rate.part), (Some(0.5), vec!["1".to_owned()]));
    assert_eq!(rate.whole, ["1", "2"]);
}

#[test]
fn an_anomaly_counts_in_the_rate_only_once_its_change_is_closed() {
    let open = Entry {
        anomalies: 1,
        closed_at: None,
        outcome: None,
        ..smooth("1", "交易组", "2026-11-03")
    };
    let total = figures(&[open]).total;
    assert_eq!(total.anomaly_rate.value, Some(0.0));
    assert_eq!(total.anomaly_open.of, ["1"]);
}

#[test]
fn an_anomaly_counts_in_the_month_of_the_execution_though_it_is_closed_in_the_next() {
    let late = Entry {
        anomalies: 1,
        closed_at: Some(instant("2026-12-02T10:00")),
        ..smooth("1", "交易组", "2026-11-30")
    };
    let year = Figures::of(&[late], Period::Year(2026), Shanghai);
    assert_eq!(year.by_month[&month(2026, 11)].anomaly_rate.part, ["1"]);
    assert!(!year.by_month.contains_key(&month(2026, 12)));
}

#[test]
fn a_month_begins_and_ends_at_midnight_of_the_zone() {
    for (filed, counted) in [
        ("2026-10-31T23:59", false),
        ("2026-11-01T00:00", true),
        ("2026-11-30T23:59", true),
        ("2026-12-01T00:00", false),
    ] {
        let entry = Entry {
            sp_no: "1".to_owned(),
            filed_at: Some(instant(filed)),
            ..Entry::default()
        };
        assert_eq!(
            figures(&[entry]).total.filed.value,
            usize::from(counted),
            "{filed}"
        );
    }
}

#[test]
fn filing_approval_and_execution_count_each_in_their_own_month() {
    let entry = Entry {
        filed_at: Some(instant("2026-10-31T10:00")),
        approved_at: Some(instant("2026-11-01T10:00")),
        executed_at: Some(instant("2026-12-01T17:00")),
        ..smooth("1", "交易组", "2026-12-01")
    };
    let year = Figures::of(&[entry], Period::Year(2026), Shanghai);
    let counts = |number| {
        let row = &year.by_month[&month(2026, number)];
        (
            row.filed.value,
            row.approved_despite.whole.len(),
            row.executed.value,
        )
    };
    assert_eq!(
        [counts(10), counts(11), counts(12)],
        [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    );
}

#[test]
fn fewer_than_five_executed_changes_are_shown_and_not_ranked() {
    for (executed, ranked) in [(4, false), (5, true)] {
        let figures = figures(&record("交易组", "2026-11", executed, 1));
        let row = &figures.by_team["交易组"];
        assert_eq!(row.executed.value, executed);
        assert_eq!(row.ranked, ranked, "{executed}");
    }
}

#[test]
fn changes_without_a_team_are_shown_together_and_never_ranked() {
    let mut entries = record("", "2026-11", 3, 0);
    entries.extend(record("  ", "2026-11", 4, 0));
    let figures = figures(&entries);
    assert_eq!(figures.by_team.keys().collect::<Vec<_>>(), [NO_TEAM]);
    assert!(!figures.by_team[NO_TEAM].ranked);
    assert!(figures.lowest_by_month()[0].teams.is_empty());
}

#[test]
fn verdicts_are_counted_as_defined() {
    use Judged::{Compliant, Rejected, Undecided, Warnings};
    let cases = [
        ("1", None, None),
        ("2", Some(Compliant), Some(Compliant)),
        ("3", Some(Rejected), Some(Compliant)),
        ("4", Some(Rejected), Some(Rejected)),
        ("5", Some(Undecided), Some(Rejected)),
        ("6", Some(Warnings), Some(Warnings)),
    ];
    let entries: Vec<_> = cases
        .into_iter()
        .map(|(sp_no, first_verdict, last_verdict)| Entry {
            first_verdict,
            last_verdict,
            rules_failed: vec!["cutoff".to_owned(), "cutoff".to_owned()],
            signed_despite: u32::from(sp_no == "4"),
            ..smooth(sp_no, "交易组", "2026-11-03")
        })
        .collect();
    let total = figures(&entries).total;
    assert_eq!(total.filed.value, 6);
    assert_eq!(total.rejected.part, ["3", "4", "5"]);
    assert_eq!(
        total.rejected.whole.len(),
        5,
        "without a verdict nothing is rejected"
    );
    assert_eq!(total.first_time_right.part, ["2", "5", "6"]);
    assert_eq!(total.first_time_right.value, Some(0.6));
    assert_eq!(total.approved_despite.part, ["4", "5"]);
    assert_eq!(total.signed_despite.of, ["4"]);
    assert_eq!(total.rejections_by_rule["cutoff"].of, ["3", "4"]);
}

#[test]
fn the_share_of_emergencies_is_one_of_all_that_were_filed() {
    let urgencies = [
        Urgency::Emergency,
        Urgency::Normal,
        Urgency::Unset,
        Urgency::Normal,
    ];
    let entries: Vec<_> = urgencies
        .into_iter()
        .enumerate()
        .map(|(index, urgency)| Entry {
            urgency,
            ..smooth(&index.to_string(), "交易组", "2026-11-03")
        })
        .collect();
    assert_eq!(figures(&entries).total.emergency.value, Some(0.25));
}

#[test]
fn times_open_the_list_behind_them() {
    let role = |minutes| RoleTime {
        role: "dev_lead".to_owned(),
        minutes,
    };
    let entries = [
        Entry {
            role_times: vec![role(30), role(10)],
            ..smooth("1", "交易组", "2026-11-03")
        },
        Entry {
            role_times: vec![role(20)],
            verified_at: Some(instant("2026-11-05T17:20")),
            ..smooth("2", "交易组", "2026-11-05")
        },
    ];
    let total = figures(&entries).total;
    let approve = &total.time_to_approve["dev_lead"];
    assert_eq!((approve.median, approve.p90), (Some(20.0), Some(30)));
    let verify: Vec<_> = total
        .time_to_verify
        .of
        .iter()
        .map(|timed| (timed.sp_no.as_str(), timed.minutes))
        .collect();
    assert_eq!(verify, [("2", 20), ("1", 60)]);
}

#[test]
fn a_verification_before_its_execution_took_no_time() {
    let entry = Entry {
        verified_at: Some(instant("2026-11-03T16:00")),
        ..smooth("1", "交易组", "2026-11-03")
    };
    assert_eq!(figures(&[entry]).total.time_to_verify.of[0].minutes, 0);
}

#[test]
fn a_withdrawn_anomaly_no_longer_counts_and_its_correction_is_listed() {
    let correction = |what| Correction {
        at: instant("2026-11-20T10:00"),
        by: "admin".to_owned(),
        what,
        reason: "误报".to_owned(),
    };
    let (withdrawn, added) = (CorrectionKind::AnomalyWithdrawn, CorrectionKind::AnomalyAdded);
    for (recorded, corrections, counts) in [
        (1, vec![], true),
        (1, vec![withdrawn], false),
        (2, vec![withdrawn], true),
        (0, vec![withdrawn], false),
        (0, vec![added], true),
        (0, vec![added, withdrawn], false),
        (0, vec![withdrawn, added], false),
    ] {
        let entry = Entry {
            anomalies: recorded,
            corrections: corrections.iter().copied().map(correction).collect(),
            ..smooth("1", "交易组", "2026-11-03")
        };
        let figures = figures(&[entry]);
        assert_eq!(
            figures.total.anomaly_rate.part.len(),
            usize::from(counts),
            "{corrections:?}"
        );
        assert_eq!(figures.corrections.len(), corrections.len());
    }
}

#[test]
fn corrections_of_other_months_are_not_listed() {
    let mut entry = smooth("1", "交易组", "2026-10-03");
    entry.corrections = vec![Correction {
        at: instant("2026-11-20T10:00"),
        by: "admin".to_owned(),
        what: CorrectionKind::AnomalyWithdrawn,
        reason: String::new(),
    }];
    assert!(figures(&[entry]).corrections.is_empty());
}

#[test]
fn the_years_table_names_the_teams_of_the_lowest_rate_in_each_month() {
    let mut entries = record("交易组", "2026-01", 5, 1);
    entries.extend(record("行情组", "2026-01", 10, 2));
    entries.extend(record("账户组", "2026-01", 6, 3));
    // Without a fault, but not ranked.
    entries.extend(record("基础组", "2026-01", 4, 0));
    entries.extend(record("交易组", "2026-02", 3, 0));
    entries.extend(record("行情组", "2026-12", 5, 0));
    let table = Figures::of(&entries, Period::Year(2026), Shanghai).lowest_by_month();
    assert_eq!(table.len(), 12, "each month has its line");
    assert_eq!(table[0].teams, ["交易组", "行情组"], "1/5 and 2/10 are alike");
    assert_eq!(table[0].rate, Some(0.2));
    assert_eq!((table[1].rate, table[1].teams.len()), (None, 0));
    assert_eq!(
        (table[11].rate, table[11].teams.as_slice()),
        (Some(0.0), &["行情组".to_owned()][..])
    );
}

#[test]
fn only_an_incident_against_the_regulation_with_a_claim_keeps_people_from_the_award() {
    let people = |incident, broke_regulation, claim| Entry {
        incident,
        broke_regulation,
        claim,
        testers: vec!["wangwu".to_owned()],
        product_managers: vec!["zhaoliu".to_owned()],
        ..smooth("1", "交易组", "2026-11-03")
    };
    for flags in 0..8_u8 {
        let entry = people(flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        let excluded = excluded_from_awards(&[entry], NOVEMBER(), Shanghai);
        assert_eq!(excluded.len(), usize::from(flags == 7), "{flags:03b}");
    }
    let all = people(true, true, true);
    let excluded = excluded_from_awards(std::slice::from_ref(&all), NOVEMBER(), Shanghai);
    assert_eq!(
        excluded[0].developers,
        ["lisi"],
        "the applicant where none is named"
    );
    assert_eq!(excluded[0].testers, ["wangwu"]);
    assert_eq!(excluded[0].product_managers, ["zhaoliu"]);
    assert_eq!(excluded[0].month, month(2026, 11));
    let december = Period::Month(month(2026, 12));
    assert!(excluded_from_awards(std::slice::from_ref(&all), december, Shanghai).is_empty());
    for what in [CorrectionKind::IncidentWithdrawn, CorrectionKind::ClaimWithdrawn] {
        let mut corrected = all.clone();
        corrected.corrections = vec![Correction {
            at: instant("2026-11-20T10:00"),
            by: "admin".to_owned(),
            what,
            reason: String::new(),
        }];
        assert!(excluded_from_awards(&[corrected], NOVEMBER(), Shanghai).is_empty());
    }
}

#[test]
fn the_monthly_message_ranks_by_rate_and_shows_the_others_behind() {
    let mut entries = record("甲组", "2026-11", 10, 2);
    entries.extend(record("乙组", "2026-11", 5, 1));
    entries.extend(record("丙组", "2026-11", 8, 0));
    entries.extend(record("丁组", "2026-11", 2, 0));
    entries.extend(record("戊组", "2026-11", 5, 5));
    entries.push(Entry {
        sp_no: "9".to_owned(),
        team: "己组".to_owned(),
        filed_at: Some(instant("2026-11-02T10:00")),
        first_verdict: Some(Judged::Rejected),
        ..Entry::default()
    });
    let lines = figures(&entries).summary_lines();
    let read: Vec<_> = lines
        .iter()
        .map(|line| (line.team.as_str(), line.executed, line.anomalies, line.place))
        .collect();
    assert_eq!(
        read,
        [
            ("丙组", 8, 0, Some(1)),
            ("乙组", 5, 1, Some(2)),
            ("甲组", 10, 2, Some(2)),
            ("戊组", 5, 5, Some(4)),
            ("丁组", 2, 0, None),
            ("己组", 0, 0, None),
        ]
    );
    assert_eq!((lines[5].filed, lines[5].rejected, lines[5].rate), (1, 1, None));
}

#[test]
fn periods_know_their_days_and_months() {
    let names = |period: Period| period.months().map(|month| month.to_string()).collect::<Vec<_>>();
    let range = |from, to| Period::Range {
        from: day(from),
        to: day(to),
    };
    assert_eq!(names(NOVEMBER()), ["2026-11"]);
    assert_eq!(
        names(range("2026-11-30", "2027-01-01")),
        ["2026-11", "2026-12", "2027-01"]
    );
    assert!(names(range("2026-11-02", "2026-11-01")).is_empty());
    assert_eq!(names(Period::Year(2028)).len(), 12);
    assert_eq!(month(2028, 2).last_day(), day("2028-02-29"));
    assert_eq!(month(2026, 12).next().previous(), month(2026, 12));
    assert_eq!(Month::new(2026, 13), None);
    let one = range("2026-11-05", "2026-11-05");
    assert!(one.contains(day("2026-11-05")) && !one.contains(day("2026-11-06")));
}

#[test]
fn as_json_each_figure_stands_beside_its_list() {
    let json = serde_json::to_value(figures(&[smooth("1", "交易组", "2026-11-03")])).expect("JSON");
    assert_eq!(json["period"]["month"], "2026-11");
    assert_eq!(json["zone"], "Asia/Shanghai");
    assert_eq!(json["by_team"]["交易组"]["executed"]["of"][0], "1");
    assert_eq!(json["by_year"]["2026"]["anomaly_rate"]["value"], 0.0);
    assert_eq!(
        json["by_month_and_team"]["2026-11"]["交易组"]["filed"]["value"],
        1
    );
}

fn any_verdict() -> impl Strategy<Value = Option<Judged>> {
    prop::option::of(prop::sample::select(vec![
        Judged::Rejected,
        Judged::Undecided,
        Judged::Warnings,
        Judged::Compliant,
    ]))
}

/// Some instant from September 2026 on, in a bit less than half a year.
fn any_instant() -> impl Strategy<Value = Option<DateTime<Utc>>> {
    prop::option::of(
        (0..15_000_000_i64)
            .prop_map(|second| DateTime::from_timestamp(1_788_220_800 + second, 0).expect("a time")),
    )
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (
        prop::sample::select(vec!["", "甲组", "乙组", "丙组"]),
        (any_verdict(), any_verdict()),
        (any_instant(), any_instant(), any_instant(), any_instant()),
        (0..3_u32, 0..3_u32, prop::bool::ANY),
    );
    prop::collection::vec(entry, 0..40).prop_map(|entries| {
        let numbered = entries.into_iter().enumerate();
        numbered
            .map(
                |(index, (team, verdicts, times, (anomalies, signed_despite, closed)))| Entry {
                    sp_no: format!("{index:03}"),
                    team: team.to_owned(),
                    first_verdict: verdicts.0,
                    last_verdict: verdicts.1,
                    filed_at: times.0,
                    approved_at: times.1,
                    executed_at: times.2,
                    verified_at: times.3,
                    closed_at: closed.then_some(times.2).flatten(),
                    anomalies,
                    signed_despite,
                    ..Entry::default()
                },
            )
            .collect()
    })
}

/// The counts of a row that add up.
fn sums(rows: impl IntoIterator<Item = Row>) -> [usize; 9] {
    rows.into_iter().fold([0; 9], |sums, row| {
        let counts = [
            row.filed.value,
            row.rejected.part.len(),
            row.first_time_right.part.len(),
            row.emergency.part.len(),
            row.signed_despite.value,
            row.approved_despite.whole.len(),
            row.executed.value,
            row.anomaly_rate.part.len(),
            row.time_to_verify.of.len(),
        ];
        std::array::from_fn(|index| sums[index] + counts[index])
    })
}

proptest! {
    #[test]
    fn the_order_of_the_entries_does_not_matter(
        (entries, shuffled) in any_entries().prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
    ) {
        let period = Period::Year(2026);
        prop_assert_eq!(Figures::of(&entries, period, Shanghai), Figures::of(&shuffled, period, Shanghai));
    }

    #[test]
    fn teams_months_and_years_add_up_to_the_total(entries in any_entries()) {
        let period = Period::Range { from: day("2026-09-15"), to: day("2027-01-31") };
        let figures = Figures::of(&entries, period, Shanghai);
        let total = sums([figures.total]);
        prop_assert_eq!(sums(figures.by_team.into_values()), total);
        prop_assert_eq!(sums(figures.by_month.into_values()), total);
        prop_assert_eq!(sums(figures.by_year.into_values()), total);
        let cells = figures.by_month_and_team.into_values().flat_map(std::collections::BTreeMap::into_values);
        prop_assert_eq!(sums(cells), total);
    }

    #[test]
    fn the_months_of_a_year_are_the_year(entries in any_entries()) {
        let year = Figures::of(&entries, Period::Year(2026), Shanghai);
        for (month, row) in &year.by_month {
            let alone = Figures::of(&entries, Period::Month(*month), Shanghai);
            prop_assert_eq!(&alone.total, row);
        }
    }

    #[test]
    fn no_share_is_above_one_and_its_part_lies_in_the_whole(entries in any_entries()) {
        let total = Figures::of(&entries, Period::Year(2026), Shanghai).total;
        for share in [total.rejected, total.first_time_right, total.emergency, total.approved_despite, total.anomaly_rate] {
            prop_assert!(share.value.is_none_or(|value| (0.0..=1.0).contains(&value)));
            prop_assert!(share.part.iter().all(|sp_no| share.whole.contains(sp_no)));
        }
    }
}
