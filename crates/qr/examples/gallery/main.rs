//! Writes the gallery: `cargo run -p tessera-qr --example gallery` fills `docs/gallery`, for people to look at.

mod plates;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/gallery");
    fs::create_dir_all(&folder)?;
    for (name, content) in plates::files() {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}
