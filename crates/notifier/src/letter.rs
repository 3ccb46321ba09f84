//! A message in parts, and how it is made to fit.

use changegate_wecom::message::limits::MARKDOWN;

use crate::plain::{plain, shorten};

/// How many bytes an app message in markdown may have.
pub(crate) const LIMIT: usize = MARKDOWN;

/// Below this many bytes a shortened text says nothing any more.
const LEAST: usize = 48;
/// Down to this many bytes texts are shortened before anything is left out.
const COMFORTABLE: usize = 96;

/// A message on its way.
#[derive(Debug)]
pub(crate) struct Letter {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    /// A line that is always there, whole.
    Kept(String),
    /// A line with somebody's text, which may be shortened.
    Cut { before: &'static str, text: String },
    /// A line that may be left out, and what then stands in its place.
    Extra { line: String, otherwise: Option<String> },
    /// Lines of which as many stand as fit, the others are counted.
    Points(Vec<Point>),
}

/// One line of a list.
#[derive(Debug)]
pub(crate) struct Point {
    /// What it is about, in words of our own.
    pub(crate) label: String,
    /// What is to be said of it, in anybody's words.
    pub(crate) text: String,
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

impl Letter {
    /// A message that begins with what its reader has to do.
    pub(crate) fn new(head: &str) -> Self {
        Self {
            parts: vec![Part::Kept(format!("**{head}**"))],
        }
    }

    /// A line that is always there.
    pub(crate) fn line(&mut self, line: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Kept(line.into()));
        self
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) -> &mut Self {
        self.line("")
    }

    /// A line with somebody's text.
    pub(crate) fn text(&mut self, before: &'static str, text: &str) -> &mut Self {
        self.parts.push(Part::Cut {
            before,
            text: plain(text),
        });
        self
    }

    /// A line that is left out when room is short; the later ones first.
    pub(crate) fn extra(&mut self, line: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Extra {
            line: line.into(),
            otherwise: None,
        });
        self
    }

    /// A line that gives way to a shorter one when room is short.
    pub(crate) fn extra_or(&mut self, line: String, otherwise: &str) -> &mut Self {
        self.parts.push(Part::Extra {
            line,
            otherwise: Some(otherwise.to_owned()),
        });
        self
    }

    /// A list.
    pub(crate) fn points(&mut self, points: impl IntoIterator<Item = Point>) -> &mut Self {
        let points = points
            .into_iter()
            .map(|Point { label, text }| Point {
                label,
                text: plain(&text),
            })
            .collect();
        self.parts.push(Part::Points(points));
        self
    }

    /// The message, within [`LIMIT`].
    pub(crate) fn finish(&self) -> String {
        let (extras, points) = self.counts();
        let leave_out_extras = (0..=extras).rev().map(|extras| (extras, points, COMFORTABLE));
        let leave_out_points = (0..=points).rev().map(|points| (0, points, LEAST));
        for (extras, points, least) in leave_out_extras.chain(leave_out_points) {
            let tightest = Thrift {
                text: least,
                extras,
                points,
            };
            if self.compose(tightest).len() <= LIMIT {
                return self.compose(self.loosest(tightest));
            }
        }
        self.compose(Thrift {
            text: LEAST,
            extras: 0,
            points: 0,
        })
    }

    /// As much text as fits with so many extras and points.
    fn loosest(&self, tightest: Thrift) -> Thrift {
        let (mut fits, mut too_much) = (tightest.text, LIMIT + 1);
        while fits + 1 < too_much {
            let middle = usize::midpoint(fits, too_much);
            if self
                .compose(Thrift {
                    text: middle,
                    ..tightest
                })
                .len()
                <= LIMIT
            {
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
                Part::Kept(_) | Part::Cut { .. } => (extras, points),
                Part::Extra { .. } => (extras + 1, points),
                Part::Points(list) => (extras, points + list.len()),
            })
    }

    fn compose(&self, thrift: Thrift) -> String {
        let Thrift {
            text: max,
            mut extras,
            mut points,
        } = thrift;
        let mut lines: Vec<String> = Vec::new();
        for part in &self.parts {
            match part {
                Part::Kept(line) => lines.push(line.clone()),
                Part::Cut { before, text } => lines.push(format!("{before}{}", shorten(text, max))),
                Part::Extra { line, .. } if extras > 0 => {
                    extras -= 1;
                    lines.push(line.clone());
                }
                Part::Extra { otherwise, .. } => lines.extend(otherwise.clone()),
                Part::Points(list) => {
                    let stand = list.len().min(points);
                    points -= stand;
                    lines.extend(list.iter().take(stand).map(|point| point.line(max)));
                    if stand < list.len() {
                        lines.push(format!("> 还有 {} 项，见详情", list.len() - stand));
                    }
                }
            }
        }
        lines.join("\n")
    }
}

impl Point {
    fn line(&self, max: usize) -> String {
        if self.text.is_empty() {
            format!("> {}", self.label)
        } else {
            format!("> {}：{}", self.label, shorten(&self.text, max))
        }
    }
}
