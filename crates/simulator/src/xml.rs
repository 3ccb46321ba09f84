//! The little XML that callbacks need.

/// `<name>inner</name>`; `inner` is XML already.
pub(crate) fn element(name: &str, inner: &str) -> String {
    format!("<{name}>{inner}</{name}>")
}

/// `<name><![CDATA[text]]></name>`, with an end mark inside the text split over two sections.
pub(crate) fn cdata(name: &str, text: &str) -> String {
    element(
        name,
        &format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_mark_inside_the_text_does_not_end_the_section() {
        assert_eq!(cdata("a", "x]]>y"), "<a><![CDATA[x]]]]><![CDATA[>y]]></a>");
    }
}
