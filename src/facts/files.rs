//! The attached files: downloaded while WeCom still has them, kept by their content, read within bounds.

use std::sync::LazyLock;
use std::time::Duration;

use changegate_attachments::{self as attachments, Content};
use changegate_policy::{AttachedFile, FileContent, Files, MailContent, WorkbookContent};
use changegate_store::{NewFile, StoreError, StoredAttachment};
use changegate_wecom::client::Media;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::pipeline::{MAIL_FILE_ID, Parts};

/// The largest file that is kept; WeCom takes none beyond it.
const LARGEST: u64 = 20 * 1024 * 1024;
/// Files of one form that are looked at; WeCom's forms hold six.
const MOST_FILES: usize = 20;
/// A first look waits so long for downloads; what is missing then is had at a later look, which waits longer.
const FIRST_PATIENCE: Duration = Duration::from_secs(8);
const PATIENCE: Duration = Duration::from_mins(1);
/// What failed is tried again after this.
const RETRY: TimeDelta = TimeDelta::seconds(20);

/// Workbooks are read one at a time: each may take its whole allowance of memory.
static READING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::const_new(1));

/// The files of one form.
pub(super) async fn files(
    parts: &Parts,
    sp_no: &str,
    ids: &[String],
    now: DateTime<Utc>,
) -> Result<Files, StoreError> {
    let mut kept = parts.store.attachments(sp_no).await?;
    let wanted: Vec<&String> = ids
        .iter()
        .take(MOST_FILES)
        .filter(|id| is_due(&kept, id, now))
        .collect();
    if !wanted.is_empty() {
        let again = kept.iter().any(|file| file.failure.is_some());
        let patience = if again { PATIENCE } else { FIRST_PATIENCE };
        for id in wanted {
            fetch(parts, sp_no, id, patience, now).await?;
        }
        kept = parts.store.attachments(sp_no).await?;
    }
    // A mail that was forwarded stays, although no form names it.
    let is_named = |file: &StoredAttachment| ids.contains(&file.file_id) || is_forwarded(file);
    if !kept.iter().all(is_named) {
        let named = kept.iter().filter(|file| is_named(file));
        let named: Vec<String> = named.map(|file| file.file_id.clone()).collect();
        parts.store.release_attachments(sp_no, &named, now).await?;
    }
    Ok(summary(ids, &kept))
}

/// Whether it is a mail that came to the app, and not a file of the form.
pub(super) fn is_forwarded(file: &StoredAttachment) -> bool {
    file.file_id.starts_with(MAIL_FILE_ID)
}

fn is_due(kept: &[StoredAttachment], id: &str, now: DateTime<Utc>) -> bool {
    kept.iter()
        .find(|file| file.file_id == id)
        .is_none_or(|file| file.sha256.is_none() && (file.tried_at > now || now - file.tried_at >= RETRY))
}

async fn fetch(
    parts: &Parts,
    sp_no: &str,
    id: &str,
    patience: Duration,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let media = match tokio::time::timeout(patience, parts.wecom.media_get(id, LARGEST)).await {
        Ok(Ok(media)) => media,
        Ok(Err(error)) => {
            tracing::warn!(change = sp_no, %error, "an attachment could not be downloaded");
            let reason = words(&error);
            return parts.store.note_file_failure(sp_no, id, &reason, now).await;
        }
        Err(_elapsed) => {
            let reason = format!("企业微信 {} 秒内未传完文件", patience.as_secs());
            return parts.store.note_file_failure(sp_no, id, &reason, now).await;
        }
    };
    let Media {
        file_name,
        content_type,
        bytes,
    } = media;
    let name = file_name.unwrap_or_default();
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let (content, bytes) = read(name.clone(), bytes).await;
    let reading = serde_json::to_value(&content).ok();
    parts
        .store
        .keep_file(
            &NewFile {
                sp_no: sp_no.to_owned(),
                file_id: id.to_owned(),
                name,
                sha256,
                content_type: content_type.unwrap_or_default(),
                bytes,
                reading,
            },
            now,
        )
        .await
}

/// What is in a file. Reading takes a thread of its own, and gives the bytes back.
async fn read(name: String, bytes: Vec<u8>) -> (FileContent, Vec<u8>) {
    let Ok(_turn) = READING.acquire().await else {
        return (FileContent::NotRead, bytes);
    };
    let reading = tokio::task::spawn_blocking(move || {
        let content = attachments::read(&name, &bytes);
        (content, bytes)
    });
    match reading.await {
        Ok((content, bytes)) => (in_facts(content), bytes),
        Err(error) => {
            tracing::error!(%error, "reading an attachment broke off");
            (FileContent::Unreadable("文件无法解析".to_owned()), Vec::new())
        }
    }
}

fn in_facts(content: Content) -> FileContent {
    match content {
        Content::Workbook(book) => FileContent::Workbook(WorkbookContent {
            filled_rows: book.filled_rows,
            jira: book.jira_keys,
        }),
        Content::Mail(mail) => FileContent::Mail(MailContent {
            message_id: mail.message_id,
            from: mail.from,
            to: mail.to,
            cc: mail.cc,
            subject: mail.subject,
            date: mail.date,
            thread: mail.thread,
        }),
        Content::Unreadable(why) => FileContent::Unreadable(why.to_string()),
        Content::Other => FileContent::NotRead,
    }
}

fn summary(ids: &[String], kept: &[StoredAttachment]) -> Files {
    let mut files = Files::default();
    let mut missing = 0;
    let mut reason = None;
    for id in ids {
        match kept.iter().find(|file| file.file_id == *id) {
            Some(file) if file.sha256.is_some() => files.known.push(AttachedFile {
                name: file.name.clone(),
                sha256: file.sha256.clone(),
                content: file
                    .reading
                    .clone()
                    .and_then(|reading| serde_json::from_value(reading).ok())
                    .unwrap_or_default(),
            }),
            other => {
                missing += 1;
                reason = reason.or_else(|| other.and_then(|file| file.failure.clone()));
            }
        }
    }
    if missing > 0 {
        let reason = reason.unwrap_or_else(|| "尚未下载".to_owned());
        files.pending = Some(format!("{missing} 个文件未取得（{reason}）"));
    }
    files
}

/// Why a file could not be had, for its applicant.
fn words(error: &changegate_wecom::Error) -> String {
    use changegate_wecom::Error;
    match error {
        Error::Api { errcode: 40_007, .. } => "企业微信中的文件已失效，请撤回后重新上传".to_owned(),
        Error::Api { errcode, .. } | Error::CircuitOpen { errcode, .. } => {
            format!("企业微信拒绝下载（{errcode}）")
        }
        Error::TooLarge { .. } => "文件超过 20 MB".to_owned(),
        Error::Http { .. } | Error::Network { .. } | Error::Answer { .. } => {
            "企业微信未答复，稍后自动重试".to_owned()
        }
    }
}
