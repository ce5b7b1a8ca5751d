//! The built dashboard, inside the binary.
//!
//! `npm run build` writes it to `dashboard/dist/app`; the folder above is in the repository, so a build without Node
//! compiles and has no dashboard.

use rust_embed::RustEmbed;
use tessera_app::http::{Asset, Dashboard};

#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
struct Files;

/// Under this are the files; beside it only what keeps the folder in the repository.
const ROOT: &str = "app/";

pub(crate) fn dashboard() -> Dashboard {
    Dashboard::new(|path| {
        let file = Files::get(&format!("{ROOT}{path}"))?;
        Some(Asset { bytes: file.data, sha256: file.metadata.sha256_hash() })
    })
}
