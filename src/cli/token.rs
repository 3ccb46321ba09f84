//! `changegate token create`: a token for the API, shown once and stored as a hash.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use changegate_store::NewToken;
use sha2::{Digest as _, Sha256};

use super::{Global, TokenArgs, TokenScope, migrate, output};
use crate::clock::Clock;

/// So that people and secret scanners know what they look at.
const PREFIX: &str = "cgt_";

/// Makes a token. Needs `[database]` alone. Exit status 0 with the token alone on the last line of standard
/// output, or 1 with the reason.
pub async fn create(global: &Global, args: TokenArgs) -> anyhow::Result<ExitCode> {
    let database = global.layers()?.database()?;
    let store = migrate::open(&database).await?;
    let pending = store.pending_migrations().await.context("读不了迁移的状态")?;
    if !pending.is_empty() {
        if !database.migrate {
            bail!(
                "数据库还差 {} 个迁移：请先运行 changegate migrate up",
                pending.len()
            );
        }
        store.migrate_up().await.context("迁移没有完成")?;
    }
    let token = fresh();
    let scopes = words(&args.scopes);
    let about = format!(
        "令牌 {}（权限 {}），只显示这一次：\n",
        args.name,
        scopes.join("、")
    );
    let new = NewToken {
        name: args.name,
        scopes,
        hash: Sha256::digest(token.as_bytes()).into(),
    };
    store
        .create_token(&new, Clock::system().now())
        .await
        .context("令牌没有存下")?;
    store.close().await?;
    output::out(&format!("{about}{token}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn fresh() -> String {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes);
    format!("{PREFIX}{}", hex::encode(bytes))
}

fn words(scopes: &[TokenScope]) -> Vec<String> {
    let distinct: std::collections::BTreeSet<_> = scopes.iter().copied().collect();
    distinct
        .into_iter()
        .map(|scope| scope.as_str().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_random_and_tells_what_it_is() {
        let (one, other) = (fresh(), fresh());
        assert_ne!(one, other);
        assert_eq!(one.len(), PREFIX.len() + 64);
        assert!(one.starts_with(PREFIX));
    }

    #[test]
    fn a_scope_given_twice_counts_once() {
        assert_eq!(
            words(&[TokenScope::Gate, TokenScope::Read, TokenScope::Gate]),
            ["read", "gate"]
        );
    }
}
