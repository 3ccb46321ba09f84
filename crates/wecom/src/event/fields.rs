//! Single values of an event.

use crate::xml::{Cursor, Fault};

/// An id or a name of WeCom's: without blanks around it; empty is none.
pub(super) fn id(cursor: &mut Cursor<'_>) -> Result<Option<String>, Fault> {
    let text = cursor.text()?;
    let trimmed = text.trim();
    Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
}

/// What a person wrote, as written; empty is none.
pub(super) fn words(cursor: &mut Cursor<'_>) -> Result<Option<String>, Fault> {
    let text = cursor.text()?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

/// A whole number, with or without blanks around it; what is none counts as absent.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Fault> {
    Ok(cursor.text()?.trim().parse().ok())
}

/// Puts a value where there may be one only.
pub(super) fn once<T>(slot: &mut Option<T>, value: Option<T>, name: &str) -> Result<(), Fault> {
    if value.is_some() && slot.is_some() {
        return Err(format!("{name} given twice"));
    }
    if value.is_some() {
        *slot = value;
    }
    Ok(())
}

/// The user ids among the children of an element.
pub(super) fn user_ids(cursor: &mut Cursor<'_>, mut found: impl FnMut(String)) -> Result<(), Fault> {
    cursor.children(|cursor, name| match name {
        "UserId" | "UserID" | "Userid" => {
            if let Some(userid) = id(cursor)? {
                found(userid);
            }
            Ok(())
        }
        _ => cursor.skip(),
    })
}
