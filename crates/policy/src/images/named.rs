//! The images that a form names: lists, labels, links and arrows, with Chinese text around.

use super::{ImageName, LONGEST_REFERENCE, Token, Version, is_digest, tokens};
use crate::submission::Submission;
use crate::text;

/// How many images of one form are looked at.
const MOST_IMAGES: usize = 50;

/// How much of the field is read; more is no list of images.
const LONGEST_FIELD: usize = 20_000;

/// Words before a colon that label an image or a tag and are none.
const LABELS: [&str; 12] = [
    "image",
    "images",
    "tag",
    "tags",
    "version",
    "ver",
    "name",
    "repo",
    "repository",
    "registry",
    "docker",
    "service",
];

/// Words that are no image though they are spelt like one.
const NO_IMAGES: [&str; 14] = [
    "n/a", "na", "no", "none", "null", "nil", "tbd", "todo", "latest", "old", "new", "x", "xx", "xxx",
];

/// What stands between the old and the new.
const ARROWS: [&str; 18] = [
    "->",
    "→",
    "=>",
    "⇒",
    "➜",
    "➔",
    "—>",
    "升级到",
    "升级至",
    "升级为",
    "更新到",
    "更新至",
    "更新为",
    "改为",
    "改成",
    "换成",
    "变更为",
    "替换为",
];

/// The images that the form's field 镜像 names, each once, in order, at most 50. Where an arrow leads from an old one
/// to a new one, the new one counts. Text that is no image is left out.
pub fn named_images(submission: &Submission) -> Vec<ImageName> {
    let mut images: Vec<ImageName> = Vec::new();
    let field: String = submission.images.text().chars().take(LONGEST_FIELD).collect();
    for image in field.lines().flat_map(of_line) {
        if images.len() == MOST_IMAGES {
            break;
        }
        if !images.iter().any(|known| known.is_same(&image)) {
            images.push(image);
        }
    }
    images
}

/// What a token may be.
enum Part {
    Image(ImageName),
    /// A name without tag or registry, which may be any word.
    Word(ImageName),
    Tag(String),
    Digest(String),
    Text,
}

/// An image with the place where it begins.
struct Named {
    image: ImageName,
    start: usize,
    /// Whether it is an image whatever stands around it.
    certain: bool,
}

fn of_line(line: &str) -> Vec<ImageName> {
    let plain = tokens::plain(line);
    let chars: Vec<char> = plain.iter().map(|(c, _)| *c).collect();
    let quote = |start: usize, end: usize| -> String {
        plain
            .iter()
            .take(end)
            .skip(start)
            .map(|(_, entered)| *entered)
            .collect()
    };
    let mut named: Vec<Named> = Vec::new();
    for token in tokens::of_plain(&chars) {
        let arrow = is_arrow(&token.before);
        match part(&token.text) {
            Part::Image(image) => {
                if arrow {
                    named.pop();
                }
                named.push(Named {
                    image: ImageName {
                        text: quote(token.start, token.end),
                        ..image
                    },
                    start: token.start,
                    certain: true,
                });
            }
            Part::Word(image) => named.push(Named {
                certain: stands_alone(&token, chars.len()),
                image: ImageName {
                    text: quote(token.start, token.end),
                    ..image
                },
                start: token.start,
            }),
            Part::Tag(tag) => {
                if let Some(last) = receiver(&mut named, arrow) {
                    last.image.tag = Some(tag);
                    last.image.digest = None;
                    last.image.text = quote(last.start, token.end);
                    last.certain = true;
                }
            }
            Part::Digest(digest) => {
                if let Some(last) = receiver(&mut named, arrow) {
                    last.image.digest = Some(digest);
                    last.image.text = quote(last.start, token.end);
                    last.certain = true;
                }
            }
            Part::Text => {}
        }
    }
    named
        .into_iter()
        .filter(|named| named.certain)
        .map(|named| named.image)
        .collect()
}

/// The image before a tag that stands apart: one without a tag, or the old one before an arrow.
fn receiver(named: &mut [Named], arrow: bool) -> Option<&mut Named> {
    named
        .last_mut()
        .filter(|last| arrow || (last.image.tag.is_none() && last.image.digest.is_none()))
}

fn part(token: &str) -> Part {
    let linked = ["http://", "https://", "docker://", "oci://"]
        .iter()
        .find_map(|scheme| token.strip_prefix(scheme));
    let mut body = linked.unwrap_or(token);
    while let Some((label, rest)) = body.split_once(':') {
        if !LABELS.contains(&label.to_ascii_lowercase().as_str()) || rest.is_empty() {
            break;
        }
        body = rest;
    }
    if body.len() > LONGEST_REFERENCE {
        return Part::Text;
    }
    if is_digest(body) {
        return Part::Digest(body.to_owned());
    }
    if Version::of(body).is_some() {
        return Part::Tag(body.to_owned());
    }
    let image = body
        .parse::<ImageName>()
        // What stands before the first colon may be a label of any kind: a service's name before its image.
        .or_else(|error| body.split_once(':').map_or(Err(error), |(_, rest)| rest.parse()));
    match image {
        Ok(image) if !is_name(&image) => Part::Text,
        Ok(image) if image.tag.is_some() || image.digest.is_some() => Part::Image(image),
        // A link without a tag leads to a page.
        Ok(_) if linked.is_some() => Part::Text,
        Ok(image) if image.registry.is_some() => Part::Image(image),
        Ok(image) => Part::Word(image),
        Err(_) => Part::Text,
    }
}

/// Whether it may name an image: no time, no day, no host with a port, no word for nothing.
fn is_name(image: &ImageName) -> bool {
    let name = image.repository.as_str();
    let host_and_port = image.registry.is_none()
        && !name.contains('/')
        && (name == "localhost" || name.contains('.'))
        && image
            .tag
            .as_deref()
            .is_none_or(|tag| tag.chars().all(|c| c.is_ascii_digit()));
    image.short_name().contains(|c: char| c.is_ascii_lowercase())
        && Version::of(name).is_none()
        && !host_and_port
        && !NO_IMAGES.contains(&name)
        && !LABELS.contains(&name)
        && !text::is_placeholder(name)
}

/// Whether nothing else stands in its part of the line, but for a label before it.
fn stands_alone(token: &Token, line: usize) -> bool {
    let parts = |c: char| matches!(c, ',' | ';' | '、' | '|');
    let first = token.start == token.before.chars().count();
    let last = token.end + token.after.chars().count() == line;
    let (parted_before, before) = match token.before.rsplit_once(parts) {
        Some((_, before)) => (true, before.trim()),
        None => (false, token.before.trim()),
    };
    let (parted_after, after) = match token.after.split_once(parts) {
        Some((after, _)) => (true, after),
        None => (false, token.after.as_str()),
    };
    let free_before =
        before.ends_with(':') || ((first || parted_before) && !before.contains(char::is_alphanumeric));
    let free_after = (last || parted_after) && !after.contains(|c: char| c == ':' || c.is_alphanumeric());
    free_before && free_after
}

fn is_arrow(between: &str) -> bool {
    ARROWS.iter().any(|arrow| between.contains(arrow))
}
