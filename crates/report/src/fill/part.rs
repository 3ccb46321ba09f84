//! One part of a document: its XML, with the placeholders of each paragraph filled in.
//!
//! Word splits a line of text into runs as it likes. So the text of a paragraph is put together first, with where
//! each piece came from; a placeholder's text goes where the placeholder begins and keeps the look of that run.

use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, Writer};

use super::braces;
use crate::ReportError;

/// `WordprocessingML` as Word writes it, and its strict form.
const WORD: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// Limit of one rewritten part in bytes.
const OUTPUT_LIMIT: usize = 32 * 1024 * 1024;
/// Limit of how deep elements lie in one another.
const DEPTH_LIMIT: usize = 256;

/// Rewrites a part. `value` gives the lines for a name, or none where the name is not known.
pub(super) fn fill(
    name: &str,
    content: &[u8],
    value: impl FnMut(&str) -> Option<Vec<String>>,
) -> Result<Vec<u8>, ReportError> {
    let text = std::str::from_utf8(content).map_err(|_not_utf8| refuse(name, "不是 UTF-8 编码"))?;
    let mut nodes = parse(name, text.trim_start_matches('\u{feff}'))?;
    substitute(&mut nodes, value)?;
    write(name, &nodes)
}

/// A piece of the part.
enum Node<'a> {
    /// Kept as it stands.
    Kept(Event<'a>),
    /// The whole text of a `w:t`, by lines, with the prefix of its element and the number of its paragraph.
    Text {
        prefix: String,
        paragraph: usize,
        lines: Vec<String>,
    },
}

fn parse<'a>(name: &str, text: &'a str) -> Result<Vec<Node<'a>>, ReportError> {
    let xml = |source: quick_xml::Error| ReportError::Xml {
        part: name.to_owned(),
        source,
    };
    let mut reader = NsReader::from_str(text);
    let mut nodes = Vec::new();
    // Paragraphs lie in one another where there are text boxes.
    let (mut paragraphs, mut count, mut depth) = (vec![0], 0, 0_usize);
    let mut open_text: Option<String> = None;
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(xml)?;
        let is_word = matches!(namespace, ResolveResult::Bound(Namespace(uri)) if WORD.contains(&uri));
        match &event {
            Event::Eof => break,
            Event::DocType(_) => return Err(refuse(name, "带有 DOCTYPE")),
            Event::Start(start) => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    return Err(refuse(name, "嵌套过深"));
                }
                match start.local_name().as_ref() {
                    "p" if is_word => {
                        count += 1;
                        paragraphs.push(count);
                    }
                    "t" if is_word => open_text = Some(String::new()),
                    _ => {}
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                match end.local_name().as_ref() {
                    "p" if is_word => {
                        paragraphs.pop();
                    }
                    "t" if is_word => {
                        nodes.extend(open_text.take().map(|text| Node::Text {
                            prefix: prefix(end),
                            paragraph: paragraphs.last().copied().unwrap_or_default(),
                            lines: vec![text],
                        }));
                    }
                    _ => {}
                }
            }
            Event::GeneralRef(reference) => {
                let char = match reference.resolve_char_ref().map_err(xml)? {
                    Some(char) => char,
                    None => predefined(reference.as_ref()).ok_or_else(|| refuse(name, "带有实体"))?,
                };
                if let Some(text) = &mut open_text {
                    text.push(char);
                    continue;
                }
            }
            Event::Text(piece) => {
                if let Some(text) = &mut open_text {
                    text.push_str(&piece.xml10_content());
                    continue;
                }
            }
            Event::CData(piece) => {
                if let Some(text) = &mut open_text {
                    text.push_str(&piece.xml10_content());
                    continue;
                }
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        nodes.push(Node::Kept(event));
    }
    if depth != 0 {
        return Err(refuse(name, "内容不完整"));
    }
    Ok(nodes)
}

/// The entities that XML itself has; a document has no others.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

fn prefix(end: &BytesEnd<'_>) -> String {
    let prefix = end.name().prefix();
    prefix.map_or_else(String::new, |prefix| format!("{}:", prefix.as_ref()))
}

fn substitute(
    nodes: &mut [Node<'_>],
    mut value: impl FnMut(&str) -> Option<Vec<String>>,
) -> Result<(), ReportError> {
    let mut by_paragraph: std::collections::BTreeMap<usize, Vec<&mut Vec<String>>> =
        std::collections::BTreeMap::new();
    for node in nodes {
        if let Node::Text { paragraph, lines, .. } = node {
            by_paragraph.entry(*paragraph).or_default().push(lines);
        }
    }
    let mut size = 0;
    for mut pieces in by_paragraph.into_values() {
        substitute_paragraph(&mut pieces, &mut value, &mut size)?;
    }
    Ok(())
}

/// Fills in one paragraph, whose pieces have one line each so far.
fn substitute_paragraph(
    pieces: &mut [&mut Vec<String>],
    value: &mut impl FnMut(&str) -> Option<Vec<String>>,
    size: &mut usize,
) -> Result<(), ReportError> {
    let whole: String = pieces.iter().flat_map(|piece| piece.iter()).cloned().collect();
    let mut found = Vec::new();
    for place in braces::find(&whole) {
        if let Some(lines) = value(&place.name) {
            *size += lines.iter().map(String::len).sum::<usize>();
            if *size > OUTPUT_LIMIT {
                return Err(too_large());
            }
            found.push((place.place, lines));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let mut start = 0;
    for piece in pieces {
        let end = start + piece.iter().map(String::len).sum::<usize>();
        let mut lines = vec![String::new()];
        let mut at = start;
        // What of the placeholders lies in this piece, and the text between them.
        for (place, value) in found
            .iter()
            .filter(|(place, _)| place.start < end && place.end > start)
        {
            append(&mut lines, whole.get(at..place.start.max(at)));
            if place.start >= start {
                append_lines(&mut lines, value);
            }
            at = place.end.min(end);
        }
        append(&mut lines, whole.get(at..end));
        **piece = lines;
        start = end;
    }
    Ok(())
}

fn append(lines: &mut [String], text: Option<&str>) {
    if let (Some(last), Some(text)) = (lines.last_mut(), text) {
        last.push_str(text);
    }
}

fn append_lines(lines: &mut Vec<String>, more: &[String]) {
    let mut more = more.iter();
    append(lines, more.next().map(String::as_str));
    lines.extend(more.cloned());
}

fn write(name: &str, nodes: &[Node<'_>]) -> Result<Vec<u8>, ReportError> {
    let mut writer = Writer::new(Vec::new());
    let mut rest = nodes.iter().peekable();
    while let Some(node) = rest.next() {
        match node {
            Node::Kept(Event::Start(start)) if matches!(rest.peek(), Some(Node::Text { .. })) => {
                writer.write_event(Event::Start(keeping_blanks(start)))?;
            }
            Node::Kept(event) => writer.write_event(event.borrow())?,
            Node::Text { prefix, lines, .. } => write_lines(&mut writer, prefix, lines)?,
        }
        if writer.get_ref().len() > OUTPUT_LIMIT {
            return Err(too_large());
        }
    }
    // What was written is read once more: a part that Word would not open never leaves this crate.
    let bytes = writer.into_inner();
    let text = std::str::from_utf8(&bytes).map_err(|_not_utf8| refuse(name, "不是 UTF-8 编码"))?;
    parse(name, text)?;
    Ok(bytes)
}

/// The start of a `w:t` whose blanks count.
fn keeping_blanks<'a>(start: &'a BytesStart<'_>) -> BytesStart<'a> {
    if start
        .attributes()
        .flatten()
        .any(|attribute| attribute.key.as_ref() == "xml:space")
    {
        return start.borrow();
    }
    let mut start = start.borrow();
    start.push_attribute(("xml:space", "preserve"));
    start
}

fn write_lines(writer: &mut Writer<Vec<u8>>, prefix: &str, lines: &[String]) -> Result<(), ReportError> {
    let text = format!("{prefix}t");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            writer.write_event(Event::End(BytesEnd::new(text.as_str())))?;
            writer.write_event(Event::Empty(BytesStart::new(format!("{prefix}br"))))?;
            let start = BytesStart::new(text.as_str()).with_attributes([("xml:space", "preserve")]);
            writer.write_event(Event::Start(start))?;
        }
        writer.write_event(Event::Text(BytesText::new(line)))?;
    }
    Ok(())
}

fn refuse(name: &str, reason: &'static str) -> ReportError {
    ReportError::Refused {
        part: name.to_owned(),
        reason,
    }
}

fn too_large() -> ReportError {
    ReportError::TooLarge {
        what: "填写后的大小（字节）",
        limit: u64::try_from(OUTPUT_LIMIT).unwrap_or(u64::MAX),
    }
}
