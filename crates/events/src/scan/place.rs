//! Which continent a country is on, by a table of our own.
//!
//! Codes are those of ISO 3166-1 alpha-2; continents are the seven of the English-speaking school, as two letters:
//! AF, AN, AS, EU, NA, OC, SA. A country that lies on two stands where it is usually counted.

const CONTINENTS: [(&str, &str); 7] = [
    (
        "AF",
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ \
         NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
    ),
    ("AN", "AQ BV GS HM TF"),
    (
        "AS",
        "AE AF AM AZ BD BH BN BT CC CN CX GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM \
         PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    ),
    (
        "EU",
        "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME \
         MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
    ),
    (
        "NA",
        "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC \
         TT US VC VG VI",
    ),
    ("OC", "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"),
    ("SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"),
];

/// Whether this is a country's code.
pub fn is_country(code: &str) -> bool {
    !continent(code).is_empty()
}

/// Empty for a country that is unknown.
pub(super) fn continent(country: &str) -> &'static str {
    let is_here =
        |list: &str| country.len() == 2 && list.split_ascii_whitespace().any(|code| code == country);
    CONTINENTS.iter().find(|(_, countries)| is_here(countries)).map_or("", |(continent, _)| continent)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_countries_of_the_standard_are_on_one_continent_each() {
        let all: Vec<&str> = CONTINENTS.iter().flat_map(|(_, list)| list.split_ascii_whitespace()).collect();
        let different: HashSet<&str> = all.iter().copied().collect();
        // ISO 3166-1 has 249; Kosovo (XK) is a code in common use.
        assert_eq!((all.len(), different.len()), (250, 250));
    }

    #[test]
    fn countries_are_where_they_are() {
        let found =
            ["DE", "US", "BR", "ZA", "JP", "NZ", "AQ", "CY", "TR", "", "XX", "D", "EU "].map(continent);
        assert_eq!(found, ["EU", "NA", "SA", "AF", "AS", "OC", "AN", "EU", "AS", "", "", "", ""]);
        assert!(is_country("GB") && !is_country("UK") && !is_country("gb"));
    }
}
