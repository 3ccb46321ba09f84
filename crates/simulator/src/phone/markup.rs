//! What WeCom shows of text, markdown and text cards, as HTML. Everything is escaped first; only the few marks
//! that WeCom knows are then put back, and links only to http and https.

/// A text message: line breaks and `<a href="…">`.
pub(crate) fn text(content: &str) -> String {
    with_anchors(&escape(content)).replace('\n', "<br>")
}

/// The description of a text card: line breaks and its three grey, highlighted and normal lines.
pub(crate) fn card_description(content: &str) -> String {
    let mut html = escape(content);
    for class in ["gray", "highlight", "normal"] {
        html = html.replace(
            &format!("&lt;div class=&quot;{class}&quot;&gt;"),
            &format!("<div class=\"{class}\">"),
        );
    }
    for (mark, tag) in [
        ("&lt;/div&gt;", "</div>"),
        ("&lt;br&gt;", "<br>"),
        ("&lt;br/&gt;", "<br>"),
        ("\n", "<br>"),
    ] {
        html = html.replace(mark, tag);
    }
    html
}

/// WeCom's subset of markdown: headings, bold, links, inline code, quotes and three font colours.
pub(crate) fn markdown(content: &str) -> String {
    let mut out = String::new();
    let mut quoting = false;
    for line in content.lines() {
        let quoted = line.strip_prefix('>');
        if quoted.is_some() != quoting {
            out.push_str(if quoting { "</blockquote>" } else { "<blockquote>" });
            quoting = !quoting;
        }
        out.push_str(&markdown_line(quoted.map_or(line, str::trim_start)));
    }
    if quoting {
        out.push_str("</blockquote>");
    }
    out
}

fn markdown_line(line: &str) -> String {
    let marks = line.chars().take_while(|c| *c == '#').count();
    if (1..=6).contains(&marks)
        && let Some(heading) = line.trim_start_matches('#').strip_prefix(' ')
    {
        return format!("<p class=\"h h{marks}\">{}</p>", inline(heading));
    }
    if line.trim().is_empty() {
        "<p class=\"blank\"></p>".to_owned()
    } else {
        format!("<p>{}</p>", inline(line))
    }
}

fn inline(line: &str) -> String {
    let mut html = markdown_links(&escape(line));
    html = paired(&html, "**", "<b>", "</b>");
    html = paired(&html, "`", "<code>", "</code>");
    for colour in ["info", "comment", "warning"] {
        let open = format!("<span class=\"{colour}\">");
        html = html.replace(&format!("&lt;font color=&quot;{colour}&quot;&gt;"), &open);
        html = html.replace(&format!("&lt;font color=&#39;{colour}&#39;&gt;"), &open);
    }
    html.replace("&lt;/font&gt;", "</span>")
}

/// `[text](url)`, in text that is escaped already.
fn markdown_links(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(label, tail)| {
            let (url, tail) = tail.split_once(')')?;
            (is_web(url) && !label.contains('[')).then_some((label, url, tail))
        });
        out.push_str(before);
        if let Some((label, url, tail)) = link {
            out.push_str(&anchor(url, label));
            rest = tail;
        } else {
            out.push('[');
            rest = after;
        }
    }
    out + rest
}

/// `<a href="url">text</a>`, in text that is escaped already.
fn with_anchors(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("&lt;a href=&quot;") {
        let link = after.split_once("&quot;&gt;").and_then(|(url, tail)| {
            let (label, tail) = tail.split_once("&lt;/a&gt;")?;
            is_web(url).then_some((url, label, tail))
        });
        out.push_str(before);
        if let Some((url, label, tail)) = link {
            out.push_str(&anchor(url, label));
            rest = tail;
        } else {
            out.push_str("&lt;a href=&quot;");
            rest = after;
        }
    }
    out + rest
}

fn anchor(url: &str, label: &str) -> String {
    format!("<a href=\"{url}\" target=\"_blank\" rel=\"noreferrer\">{label}</a>")
}

fn paired(html: &str, mark: &str, open: &str, close: &str) -> String {
    let parts: Vec<&str> = html.split(mark).collect();
    let last = parts.len() - 1;
    let mut out = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            let tag = match (at % 2 == 1, at == last && last % 2 == 1) {
                (true, true) => mark,
                (true, false) => open,
                (false, _) => close,
            };
            out.push_str(tag);
        }
        out.push_str(part);
    }
    out
}

/// Whether a link may be followed.
pub(crate) fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// Text for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_drawn_and_nothing_else_gets_through() {
        assert_eq!(
            markdown(
                "# 标题\n**粗** `码` <font color=\"warning\">3 项</font>\n> 引用 [链接](http://a.b/c?d=1&e=2)\n末"
            ),
            "<p class=\"h h1\">标题</p><p><b>粗</b> <code>码</code> <span class=\"warning\">3 项</span></p>\
             <blockquote><p>引用 <a href=\"http://a.b/c?d=1&amp;e=2\" target=\"_blank\" rel=\"noreferrer\">链接</a></p>\
             </blockquote><p>末</p>"
        );
        assert_eq!(
            markdown("<script>x</script>"),
            "<p>&lt;script&gt;x&lt;/script&gt;</p>"
        );
        assert_eq!(
            markdown("[x](javascript:alert(1))"),
            "<p>[x](javascript:alert(1))</p>"
        );
        assert_eq!(markdown("2 ** 3"), "<p>2 ** 3</p>");
    }

    #[test]
    fn text_knows_links_and_line_breaks() {
        assert_eq!(
            text("见 <a href=\"https://a.b\">这里</a>\n<b>"),
            "见 <a href=\"https://a.b\" target=\"_blank\" rel=\"noreferrer\">这里</a><br>&lt;b&gt;"
        );
    }

    #[test]
    fn text_cards_know_three_kinds_of_lines() {
        assert_eq!(
            card_description("<div class=\"gray\">今天</div><div class=\"red\">x</div>"),
            "<div class=\"gray\">今天</div>&lt;div class=&quot;red&quot;&gt;x</div>"
        );
    }
}
