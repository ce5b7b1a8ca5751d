//! The dashboard's files are compiled in, so a new build of them is a new build of this package.

fn main() {
    println!("cargo::rerun-if-changed=../../dashboard/dist");
}
