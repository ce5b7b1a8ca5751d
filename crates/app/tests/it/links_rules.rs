//! Links that take some visitors elsewhere: by country, device, language, phone and share.

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::links::{all_key, id, make, patch, read};

const IPHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1";
const ANDROID: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36";
const WINDOWS: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36";
const ROBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
/// Addresses that the file of places below knows.
const SWEDEN: &str = "89.160.20.112";
const BRITAIN: &str = "81.2.69.160";
const NOWHERE: &str = "127.0.0.9";

struct Visit<'a> {
    address: &'a str,
    user_agent: &'a str,
    languages: &'a str,
}

const PLAIN: Visit<'_> = Visit { address: NOWHERE, user_agent: WINDOWS, languages: "en" };

/// Where the visit ends, seen from memory as from the database.
async fn goes(app: &TestApp, path: &str, visit: Visit<'_>) -> String {
    let reply = app
        .get(path)
        .from(visit.address)
        .header("user-agent", visit.user_agent)
        .header("accept-language", visit.languages)
        .send()
        .await;
    reply.expect(302).header("location").to_owned()
}

async fn refused(app: &TestApp, key: &str, more: Value) -> Vec<(String, String)> {
    let mut body = json!({"destination_url": "https://example.com/"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let problem = app.post("/v1/links").bearer(key).json(&body).send().await.expect(400).json();
    let errors = problem["errors"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
}

both! {
    |settings| {
        settings.events.place_file =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../events/tests/data/mmdb/GeoIP2-City-Test.mmdb").to_owned();
    };

    async fn the_first_target_whose_conditions_all_hold_decides(app: TestApp) {
        let key = all_key(&app).await;
        let targets = json!([
            {"countries": ["se"], "devices": ["mobile"], "destination_url": "https://example.com/se-mobile"},
            {"countries": ["SE", "NO"], "destination_url": "https://example.com/se"},
            {"languages": ["pt-br"], "destination_url": "https://example.com/br"},
            {"languages": ["pt", "de"], "destination_url": "https://example.com/pt-or-de"},
            {"devices": ["ios", "windows"], "destination_url": "https://example.com/ios-or-windows"},
        ]);
        let made = make(&app, &key, json!({"destination_url": "https://example.com/rest", "alias": "rules", "targets": targets,
            "redirect_status": 301, "utm_source": "cms"})).await;
        assert_eq!(made["targets"][0], json!({"countries": ["SE"], "devices": ["mobile"], "languages": [],
            "destination_url": "https://example.com/se-mobile"}));
        assert_eq!(made["targets"][2]["languages"], json!(["pt-BR"]));
        let table = [
            (SWEDEN, IPHONE, "de", "se-mobile"),
            (SWEDEN, WINDOWS, "de", "se"),
            (BRITAIN, ANDROID, "pt-BR,pt;q=0.9", "br"),
            (BRITAIN, ANDROID, "pt-PT,pt;q=0.9", "pt-or-de"),
            (BRITAIN, ANDROID, "en;q=0.5, de-CH;q=0.9", "pt-or-de"),
            // Only what is wanted most counts.
            (BRITAIN, ANDROID, "en, de;q=0.9", "rest"),
            (NOWHERE, IPHONE, "dex", "ios-or-windows"),
            (NOWHERE, WINDOWS, "", "ios-or-windows"),
            (NOWHERE, "curl/8.5.0", "", "rest"),
        ];
        for (address, user_agent, languages, end) in table {
            // Permanent is what never differs, and this does: 302, whatever the link's own status says.
            let location = goes(&app, "/rules", Visit { address, user_agent, languages }).await;
            assert_eq!(location, format!("https://example.com/{end}?utm_source=cms"), "{address} {user_agent} {languages}");
        }
        // curl is a robot.
        assert_eq!(read(&app, &key, &made).await["clicks"], 8);
    }

    async fn a_change_of_rules_acts_on_the_next_visit_and_null_takes_them_away(app: TestApp) {
        let key = all_key(&app).await;
        let made = make(&app, &key, json!({"destination_url": "https://example.com/rest", "alias": "store"})).await;
        assert_eq!((&made["targets"], &made["variants"], &made["ios_url"]), (&json!([]), &json!([]), &Value::Null));
        assert_eq!(goes(&app, "/store", Visit { user_agent: IPHONE, ..PLAIN }).await, "https://example.com/rest");
        let stores = json!({"ios_url": "https://apps.apple.com/app/id1", "android_url": "market://details?id=org.example"});
        let changed = patch(&app, &key, &made, stores).await.expect(200).json();
        assert_eq!(changed["android_url"], "market://details?id=org.example");
        for (user_agent, end) in [(IPHONE, "https://apps.apple.com/app/id1"), (ANDROID, "market://details?id=org.example"),
            (WINDOWS, "https://example.com/rest")] {
            assert_eq!(goes(&app, "/store", Visit { user_agent, ..PLAIN }).await, end);
        }
        // A target comes before the phone's own address.
        let first = json!({"targets": [{"languages": ["sv"], "destination_url": "https://example.com/sv"}]});
        patch(&app, &key, &made, first).await.expect(200);
        assert_eq!(goes(&app, "/store", Visit { user_agent: IPHONE, languages: "sv-SE", ..PLAIN }).await, "https://example.com/sv");
        assert_eq!(goes(&app, "/store", Visit { user_agent: IPHONE, ..PLAIN }).await, "https://apps.apple.com/app/id1");
        let cleared = patch(&app, &key, &made, json!({"targets": null, "ios_url": null, "android_url": null})).await.expect(200).json();
        assert_eq!((&cleared["targets"], &cleared["ios_url"]), (&json!([]), &Value::Null));
        assert_eq!(goes(&app, "/store", Visit { user_agent: IPHONE, languages: "sv-SE", ..PLAIN }).await, "https://example.com/rest");
    }

    async fn variants_share_the_visitors_and_each_meets_the_same_one_again(app: TestApp) {
        let key = all_key(&app).await;
        let variants = json!([
            {"destination_url": "https://example.com/b", "percent": 20, "utm_content": "b"},
            {"destination_url": "https://example.com/c", "percent": 30},
        ]);
        let made = make(&app, &key, json!({"destination_url": "https://example.com/a", "alias": "ab", "variants": variants,
            "utm_content": "a"})).await;
        let mut found = [0; 3];
        for n in 0..200 {
            let address = format!("10.0.{}.{}", n / 20, n % 20);
            let visit = || Visit { address: &address, ..PLAIN };
            let location = goes(&app, "/ab", visit()).await;
            assert_eq!(goes(&app, "/ab", visit()).await, location);
            let ends = ["https://example.com/a?utm_content=a", "https://example.com/b?utm_content=b", "https://example.com/c?utm_content=a"];
            found[ends.iter().position(|end| *end == location).expect(&location)] += 1;
        }
        // 100, 40 and 60 are expected; these are four standard deviations.
        assert!((72..=128).contains(&found[0]) && (18..=62).contains(&found[1]) && (34..=86).contains(&found[2]), "{found:?}");
        // What a robot tells of the link is of its own destination.
        for n in 0..20 {
            let visit = Visit { address: &format!("10.1.0.{n}"), user_agent: ROBOT, languages: "" };
            assert_eq!(goes(&app, "/ab", visit).await, "https://example.com/a?utm_content=a");
        }
        let path = format!("/v1/analytics/links/{}?range=24h&include=breakdown&group_by=utm_content", id(&made));
        let answer = app.get(&path).bearer(&key).send().await.expect(200).json();
        let rows = answer["breakdown"]["rows"].as_array().unwrap().clone();
        let clicks = |content: &str| {
            rows.iter().find(|row| row["group"]["utm_content"] == content).map(|row| row["clicks"].clone())
        };
        assert_eq!((clicks("a"), clicks("b")), (Some(json!(2 * (found[0] + found[2]))), Some(json!(2 * found[1]))));
    }

    async fn rules_are_kept_by_a_restart_a_copy_and_a_search(app: TestApp) {
        let key = all_key(&app).await;
        let rules = json!({"destination_url": "https://example.com/rest", "alias": "kept",
            "targets": [{"countries": ["GB"], "destination_url": "https://shop.example.co.uk/"}],
            "variants": [{"destination_url": "https://example.com/b", "percent": 100}]});
        let made = make(&app, &key, rules).await;
        let copy = app.post(&format!("/v1/links/{}/duplicate", id(&made))).bearer(&key).send().await.expect(201).json();
        assert_eq!((&copy["targets"], &copy["variants"]), (&made["targets"], &made["variants"]));
        let found = app.get("/v1/links?search=shop.example.co.uk").bearer(&key).send().await.expect(200).json();
        assert_eq!(found["meta"]["total"], 2);
        let app = app.restart().await;
        let alias = format!("/{}", copy["alias"].as_str().unwrap());
        for path in ["/kept", &alias] {
            assert_eq!(goes(&app, path, Visit { address: BRITAIN, ..PLAIN }).await, "https://shop.example.co.uk/", "{path}");
            assert_eq!(goes(&app, path, PLAIN).await, "https://example.com/b");
        }
    }

    async fn rules_that_cannot_be_kept_are_refused_by_name(app: TestApp) {
        let key = all_key(&app).await;
        let targets = json!([
            {"countries": ["UK", "DE", "XX"], "destination_url": "https://example.com/"},
            {"devices": ["phone"], "languages": ["german"], "destination_url": "javascript:alert(1)"},
            {"destination_url": "https://example.com/"},
            {"countries": ["DE"], "destination_url": "http://localhost:8080/loop"},
        ]);
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        assert_eq!(refused(&app, &key, json!({"targets": targets, "ios_url": "nonsense"})).await, pairs(&[
            ("targets[0].countries[0]", "choice"),
            ("targets[0].countries[2]", "choice"),
            ("targets[1].devices[0]", "choice"),
            ("targets[1].languages[0]", "format"),
            ("targets[1].destination_url", "scheme"),
            ("targets[2]", "required"),
            ("targets[3].destination_url", "loop"),
            ("ios_url", "format"),
        ]));
        let variants = json!([
            {"destination_url": "https://example.com/b", "percent": 0},
            {"destination_url": "https://example.com/b", "percent": 60, "utm_content": ""},
        ]);
        assert_eq!(refused(&app, &key, json!({"variants": variants})).await,
            pairs(&[("variants[0].percent", "range"), ("variants[1].utm_content", "length")]));
        let share = |percent: i64| json!({"destination_url": "https://example.com/b", "percent": percent});
        assert_eq!(refused(&app, &key, json!({"variants": [share(60), share(41)]})).await, pairs(&[("variants", "range")]));
        assert_eq!(refused(&app, &key, json!({"variants": vec![share(1); 11]})).await, pairs(&[("variants", "length")]));
        let many = vec![json!({"devices": ["ios"], "destination_url": "https://example.com/"}); 51];
        assert_eq!(refused(&app, &key, json!({"targets": many})).await, pairs(&[("targets", "length")]));
        let misspelt = json!({"targets": [{"device": ["ios"], "destination_url": "https://example.com/"}]});
        assert_eq!(refused(&app, &key, misspelt).await, pairs(&[("targets[0].device", "unknown")]));
    }

    async fn a_link_that_shows_a_page_takes_nobody_elsewhere(app: TestApp) {
        let key = all_key(&app).await;
        let code = json!({"name": "Card", "payload": {"type": "vcard", "organization": "Mosaic Works"}});
        let code = app.post("/v1/qr-codes").bearer(&key).json(&code).send().await.expect(201).json();
        let link = code["link_id"].as_str().unwrap();
        let wish = json!({"ios_url": "https://example.com/", "variants": [{"destination_url": "https://example.com/", "percent": 1}]});
        let problem = app.patch(&format!("/v1/links/{link}")).bearer(&key).json(&wish).send().await.expect(400).json();
        let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| (&error["field"], &error["code"])).collect();
        assert_eq!(fields, [(&json!("ios_url"), &json!("conflict")), (&json!("variants"), &json!("conflict"))]);

        // Nor does one become a page while it has rules.
        let code = json!({"name": "Menu", "destination_url": "https://example.com/"});
        let code = app.post("/v1/qr-codes").bearer(&key).json(&code).send().await.expect(201).json();
        let [link, code] = [("links", "link_id"), ("qr-codes", "id")].map(|(of, id)| format!("/v1/{of}/{}", code[id].as_str().unwrap()));
        app.patch(&link).bearer(&key).json(json!({"ios_url": "https://example.com/ios"})).send().await.expect(200);
        let page = json!({"payload": {"type": "vcard", "organization": "Mosaic Works"}});
        let problem = app.patch(&code).bearer(&key).json(&page).send().await.expect(400).json();
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("ios_url"), &json!("conflict")));
        app.patch(&link).bearer(&key).json(json!({"ios_url": null})).send().await.expect(200);
        app.patch(&code).bearer(&key).json(&page).send().await.expect(200);
    }
}

both! {
    async fn a_server_that_cannot_tell_countries_says_so(app: TestApp) {
        let key = all_key(&app).await;
        let target = json!({"countries": ["DE"], "destination_url": "https://example.com/de"});
        assert_eq!(refused(&app, &key, json!({"targets": [target]})).await,
            [("targets[0].countries".to_owned(), "unsupported".to_owned())]);
    }
}
