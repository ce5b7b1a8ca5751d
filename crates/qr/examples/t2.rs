//! tmp
use tessera_qr::*;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let what = std::env::args().nth(2).unwrap();
    let style = Style { width: Some(592.0), ..Style::default() };
    let code = Code::build("https://tsr.example/abcdefg?qr=1", &style, None).unwrap();
    for _ in 0..n {
        match what.as_str() {
            "verdict" => {
                let v = code.verdict();
                assert!(v.score > 0);
            }
            f => {
                code.image(Format::parse(f).unwrap()).unwrap();
            }
        }
    }
}
