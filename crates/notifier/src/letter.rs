//! A text on its way: what a template rendered, in parts, and how it is made to fit.
//!
//! Templates say with filters what may give way: `cut` is somebody's text, which may be shortened; an `extra` may be
//! left out; of `points` as many stand as fit, the others are counted. Everything else stands, whole. The filters
//! leave marks in control characters, which no text of others holds (`plain`).

use crate::plain::shorten;

/// Before a text that may be shortened.
pub(crate) const CUT: char = '\u{1}';
/// After it.
pub(crate) const UNCUT: char = '\u{2}';
/// Before a line that is one of a list.
pub(crate) const POINT: char = '\u{3}';
/// Before lines that may be left out.
pub(crate) const EXTRA: char = '\u{4}';
/// Between them and what then stands in their place.
pub(crate) const OTHERWISE: char = '\u{5}';
/// A line break inside of them.
pub(crate) const BREAK: char = '\u{6}';

/// Below this many bytes a shortened text says nothing any more.
const LEAST: usize = 48;
/// Down to this many bytes texts are shortened before anything is left out.
const COMFORTABLE: usize = 96;

/// A rendered template, in parts.
#[derive(Debug)]
pub(crate) struct Letter {
    parts: Vec<Part>,
    /// Whether it leads to a page that says more.
    leads_on: bool,
}

#[derive(Debug)]
enum Part {
    /// A line that is always there.
    Line(Line),
    /// Lines that may be left out, and what then stands in their place.
    Extra { lines: Line, otherwise: Option<String> },
    /// A line of a list.
    Point(Line),
}

/// A line in pieces, ours and others'.
#[derive(Debug, Clone)]
pub(crate) struct Line(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    /// Stands as it is.
    Ours(String),
    /// May be shortened.
    Cut(String),
}

/// What a letter is to make do with.
#[derive(Debug, Clone, Copy)]
struct Thrift {
    /// Bytes that a text may have.
    text: usize,
    /// Extras that stand.
    extras: usize,
    /// Points that stand.
    points: usize,
}

impl Line {
    /// Reads one marked line.
    pub(crate) fn read(marked: &str) -> Self {
        let mut pieces = Vec::new();
        for (index, part) in marked.split(CUT).enumerate() {
            let ours = match part.split_once(UNCUT) {
                Some((text, ours)) if index > 0 => {
                    pieces.push(Piece::Cut(text.to_owned()));
                    ours
                }
                Some(_) | None => part,
            };
            pieces.push(Piece::Ours(ours.replace(BREAK, "\n")));
        }
        Self(pieces)
    }

    /// The line, with each text of others in at most `max` bytes.
    pub(crate) fn within(&self, max: usize) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Ours(text) => text.clone(),
                Piece::Cut(text) => shorten(text, max),
            })
            .collect()
    }

    /// The line in at most `max` characters: others' texts are shortened first, the longest most.
    pub(crate) fn in_characters(&self, max: usize) -> String {
        let fits = |bytes: usize| self.within(bytes).chars().count() <= max;
        // four bytes are the most that a character has
        let most = max.saturating_mul(4);
        let bytes = if fits(most) {
            most
        } else {
            let (mut low, mut high) = (0, most);
            while low + 1 < high {
                let middle = usize::midpoint(low, high);
                if fits(middle) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            low
        };
        characters(&self.within(bytes), max)
    }
}

/// The text in at most `max` characters, with an ellipsis where something is missing.
fn characters(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

impl Letter {
    /// Reads what a template rendered.
    pub(crate) fn read(marked: &str) -> Self {
        let parts = marked.lines().map(part).collect();
        Self {
            parts,
            leads_on: marked.contains("]("),
        }
    }

    /// The message, in at most `limit` bytes.
    pub(crate) fn within(&self, limit: usize) -> String {
        let (extras, points) = self.counts();
        let leave_out_extras = (0..=extras).rev().map(|extras| (extras, points, COMFORTABLE));
        let leave_out_points = (0..=points).rev().map(|points| (0, points, LEAST));
        let tightest = leave_out_extras
            .chain(leave_out_points)
            .map(|(extras, points, text)| Thrift { text, extras, points })
            .find(|thrift| self.compose(*thrift).len() <= limit);
        match tightest {
            Some(tightest) => self.compose(self.loosest(tightest, limit)),
            None => self.compose(Thrift {
                text: LEAST,
                extras: 0,
                points: 0,
            }),
        }
    }

    /// As much text as fits with so many extras and points.
    fn loosest(&self, tightest: Thrift, limit: usize) -> Thrift {
        let (mut fits, mut too_much) = (tightest.text, limit + 1);
        while fits + 1 < too_much {
            let middle = usize::midpoint(fits, too_much);
            let thrift = Thrift {
                text: middle,
                ..tightest
            };
            if self.compose(thrift).len() <= limit {
                fits = middle;
            } else {
                too_much = middle;
            }
        }
        Thrift {
            text: fits,
            ..tightest
        }
    }

    fn counts(&self) -> (usize, usize) {
        self.parts
            .iter()
            .fold((0, 0), |(extras, points), part| match part {
                Part::Line(_) => (extras, points),
                Part::Extra { .. } => (extras + 1, points),
                Part::Point(_) => (extras, points + 1),
            })
    }

    fn compose(&self, thrift: Thrift) -> String {
        let Thrift {
            text: max,
            mut extras,
            mut points,
        } = thrift;
        let mut sheet = Sheet::default();
        let mut left_out = 0_usize;
        for part in &self.parts {
            if !matches!(part, Part::Point(_)) {
                sheet.write_rest(left_out, self.leads_on);
                left_out = 0;
            }
            match part {
                Part::Line(line) => sheet.write(&line.within(max)),
                Part::Extra { lines, .. } if extras > 0 => {
                    extras -= 1;
                    sheet.write(&lines.within(max));
                }
                Part::Extra { otherwise, .. } => {
                    if let Some(otherwise) = otherwise {
                        sheet.write(otherwise);
                    }
                }
                Part::Point(line) if points > 0 => {
                    points -= 1;
                    sheet.write(&line.within(max));
                }
                Part::Point(_) => left_out += 1,
            }
        }
        sheet.write_rest(left_out, self.leads_on);
        sheet.0.trim_end().to_owned()
    }
}

/// Lines below each other, with no empty line beside another one.
#[derive(Debug, Default)]
struct Sheet(String);

impl Sheet {
    fn write(&mut self, line: &str) {
        let gap = self.0.is_empty() || self.0.ends_with("\n\n");
        if line.is_empty() && gap {
            return;
        }
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn write_rest(&mut self, left_out: usize, leads_on: bool) {
        if left_out > 0 {
            let more = if leads_on { "，见详情" } else { "" };
            self.write(&format!("> 还有 {left_out} 项{more}"));
        }
    }
}

fn part(marked: &str) -> Part {
    if let Some(extra) = marked.strip_prefix(EXTRA) {
        let (lines, otherwise) = extra.split_once(OTHERWISE).unwrap_or((extra, ""));
        return Part::Extra {
            lines: Line::read(lines),
            otherwise: (!otherwise.is_empty()).then(|| otherwise.to_owned()),
        };
    }
    match marked.strip_prefix(POINT) {
        Some(point) => Part::Point(Line::read(point)),
        None => Part::Line(Line::read(marked)),
    }
}
