//! What enrichment costs: `cargo bench -p tessera-events --bench enrich`.

fn main() {
    divan::main();
}
