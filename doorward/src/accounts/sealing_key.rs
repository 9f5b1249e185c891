//! Notes which keys outside the database have sealed secrets in it. Owns the table `sealing_keys`.
//!
//! A key that is lost or exchanged makes the sealed secrets worthless. So the start is refused as long as a secret needs
//! a key that the settings do not have, or that is another one than before.

use crate::base::{db::Db, open_error::OpenError, seal::Sealer};

/// Checks the keys of the settings, and notes those that are new.
pub(crate) async fn check(db: &Db, sealer: Option<&Sealer>, now: i64) -> Result<(), OpenError> {
    if let Some(sealer) = sealer {
        let ids: Vec<String> = sealer.key_ids().map(str::to_owned).collect();
        for id in &ids {
            check_one(db, sealer, id, now).await?;
        }
    }
    let mut needed: Vec<String> =
        db.read("SELECT sealed_with FROM signing_keys WHERE gone_at > ?1").bind(now).fetch_all().await?;
    let noted: Vec<String> = db.read("SELECT key_id FROM sealing_keys WHERE key_id > ''").fetch_all().await?;
    for id in noted {
        let of_app: Option<String> = db
            .read("SELECT sealed_with FROM totp WHERE sealed_with = ?1 LIMIT 1")
            .bind(id.as_str())
            .fetch_optional()
            .await?;
        needed.extend(of_app);
    }
    let missing = |id: &&String| sealer.is_none_or(|sealer| sealer.key_ids().all(|known| known != **id));
    match needed.iter().find(missing) {
        Some(id) => Err(OpenError::of_setting(
            &["secret_key", "retired_secret_keys"],
            format!("expected the key with the id {id:?}: secrets in the database are sealed with it"),
        )),
        None => Ok(()),
    }
}

/// Checks one key, and notes it if it is new.
async fn check_one(db: &Db, sealer: &Sealer, id: &str, now: i64) -> Result<(), OpenError> {
    let proof: Option<String> =
        db.read("SELECT proof FROM sealing_keys WHERE key_id = ?1").bind(id).fetch_optional().await?;
    match proof {
        Some(proof) if sealer.made(id, &proof) => Ok(()),
        Some(_) => Err(another(id)),
        None => note(db, sealer, id, now).await,
    }
}

fn another(id: &str) -> OpenError {
    OpenError::of_setting(
        &["secret_key", "retired_secret_keys"],
        format!("expected the same key under the id {id:?} as before: this is another one"),
    )
}

async fn note(db: &Db, sealer: &Sealer, id: &str, now: i64) -> Result<(), OpenError> {
    db.write(
        "INSERT INTO sealing_keys (key_id, proof, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (key_id) DO NOTHING",
    )
    .bind(id)
    .bind(sealer.proof(id))
    .bind(now)
    .execute()
    .await?;
    Ok(())
}
