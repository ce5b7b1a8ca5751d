//! tmp
use std::time::Instant;
use tessera_qr::*;
fn main() {
    for text in [
        "https://tsr.example/abcdefg?qr=1",
        &"https://example.com/a/very/long/path?with=query&".repeat(5),
        &"x".repeat(1200),
    ] {
        let style = Style { width: Some(600.0), ..Style::default() };
        let code = Code::build(text, &style, None).unwrap();
        let t = Instant::now();
        let v = code.verdict();
        let d = t.elapsed();
        let t = Instant::now();
        for _ in 0..5 {
            code.verdict();
        }
        let d2 = t.elapsed() / 5;
        println!(
            "{} modules {:?} {:?} {:?} {} {:?}",
            code.symbol().modules(),
            d,
            d2,
            v.verdict,
            v.score,
            v.measured
        );
        for c in &v.checks {
            println!("  {} {} {}", c.name, c.is_read_strictly, c.is_read_leniently);
        }
        for c in &v.reasons {
            println!("  {:?} {}", c.code, c.message);
        }
        for f in Format::ALL {
            let t = Instant::now();
            let n = 20;
            let mut l = 0;
            for _ in 0..n {
                l = code.image(*f).unwrap().len();
            }
            println!("  {} {:?} {} bytes", f.as_str(), t.elapsed() / n, l);
        }
    }
}
