//! The gallery in `docs/gallery` is what the code draws today.

use std::fs;
use std::path::Path;

#[path = "../../examples/gallery/plates.rs"]
mod plates;

/// Bytes of all files, so that a clone stays small.
const GALLERY_BYTES_MAX: usize = 1_500_000;

#[test]
fn the_gallery_shows_what_is_drawn_now() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/gallery");
    fs::create_dir_all(&folder).expect("a folder");
    let files = plates::files();
    let mut stale = Vec::new();
    for (name, content) in &files {
        if fs::read(folder.join(name)).ok().as_deref() != Some(content) {
            fs::write(folder.join(name), content).expect("written");
            stale.push(name.clone());
        }
    }
    for entry in fs::read_dir(&folder).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        if !files.iter().any(|(known, _)| *known == name) {
            fs::remove_file(folder.join(&name)).expect("removed");
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "rewritten in docs/gallery, look at them and commit them: {stale:?}");
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    assert!(bytes <= GALLERY_BYTES_MAX, "{bytes}");
}
