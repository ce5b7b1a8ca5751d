//! Structure of the file; that readers show it is proven by `make test-scan`.

use crate::samples::everything;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_page_is_as_large_as_its_print_and_every_object_is_where_the_table_says() {
    let file = super::write(&everything());
    let seen = text(&file);
    // 330 px at 300 dpi are 1.1 inches, 79.2 points.
    assert!(seen.contains("/MediaBox[0 0 79.2 79.2 ]"), "{seen}");
    let table: usize = seen
        .rsplit("startxref\n")
        .next()
        .and_then(|rest| rest.lines().next()?.parse().ok())
        .expect("a number");
    let lines: Vec<String> = text(&file[table..]).lines().map(str::to_owned).collect();
    let count: usize = lines[1].split(' ').nth(1).and_then(|count| count.parse().ok()).expect("a count");
    for object in 1..count {
        let offset: usize = lines[2 + object][..10].parse().expect("an offset");
        assert!(file[offset..].starts_with(format!("{object} 0 obj\n").as_bytes()), "object {object}");
    }
    assert!(lines.contains(&format!("<</Size {count}/Root 1 0 R/Info 5 0 R>>")));
}

#[test]
fn gradients_alpha_and_a_logo_are_what_they_are_and_not_pixels() {
    let seen = text(&super::write(&everything()));
    assert_eq!(seen.matches("/ShadingType 2/ColorSpace/DeviceRGB").count(), 1);
    assert_eq!(seen.matches("/ShadingType 3/ColorSpace/DeviceRGB").count(), 1);
    assert_eq!(seen.matches("/ShadingType 3/ColorSpace/DeviceGray").count(), 1, "alpha that fades");
    assert_eq!(seen.matches("/SMask<</S/Luminosity").count(), 1);
    assert!(seen.contains("<</ca 0.502 >>"));
    assert_eq!(seen.matches("/Subtype/Image").count(), 2, "the logo and its mask");
    // "Everything, für alle" in UTF-16.
    assert!(seen.contains("/Title<FEFF00450076006500720079"));
    for dated in ["CreationDate", "ModDate", "/ID"] {
        assert!(!seen.contains(dated), "{dated}");
    }
    assert_eq!(super::write(&everything()), super::write(&everything()));
}
