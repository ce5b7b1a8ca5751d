//! Lists of links: filters, search, order, pages that hold still, CSV.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::links::{act, all_key, make};

async fn aliases(app: &TestApp, key: &str, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/v1/links?{query}")).bearer(key).send().await.expect(200).json();
    alias_list(&answer)
}

fn alias_list(answer: &Value) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|link| link["alias"].as_str().unwrap().to_owned()).collect()
}

/// One link in each state, a second apart.
async fn one_of_each(app: &TestApp, key: &str) {
    let links = [
        ("active", json!({})),
        ("paused", json!({})),
        ("scheduled", json!({"starts_at": "2026-03-01T00:00:00Z"})),
        ("expired", json!({"expires_at": "2026-02-15T10:30:30Z"})),
        ("used-up", json!({"max_clicks": 1})),
        ("archived", json!({})),
    ];
    for (alias, mut link) in links {
        link["destination_url"] = json!("https://example.com");
        link["alias"] = json!(alias);
        let link = make(app, key, link).await;
        match alias {
            "paused" => drop(act(app, key, &link, "pause").await.expect(200)),
            "archived" => drop(act(app, key, &link, "archive").await.expect(200)),
            _ => {}
        }
        app.clock.advance(Duration::from_secs(1));
    }
    app.get("/used-up").send().await.expect(302);
    app.clock.advance(Duration::from_secs(60));
}

both! {
    async fn s062_tags_select_links_that_carry_one_of_them(app: TestApp) {
        let key = all_key(&app).await;
        for (alias, tags) in [("a", json!(["production", "source:cms"])), ("b", json!(["staging"])), ("c", json!([]))] {
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": alias, "tags": tags})).await;
        }
        assert_eq!(aliases(&app, &key, "tags=production").await, ["a"]);
        assert_eq!(aliases(&app, &key, "tags=source:cms").await, ["a"]);
        assert_eq!(aliases(&app, &key, "tags=production,staging&sort=alias").await, ["a", "b"]);
        assert_eq!(aliases(&app, &key, "tags=prod").await, Vec::<String>::new());
    }

    async fn each_status_selects_its_links_and_the_view_agrees(app: TestApp) {
        let key = all_key(&app).await;
        one_of_each(&app, &key).await;
        for status in ["active", "paused", "scheduled", "expired", "used_up", "archived"] {
            let answer = app.get(&format!("/v1/links?status={status}")).bearer(&key).send().await.expect(200).json();
            assert_eq!(alias_list(&answer), [status.replace('_', "-")], "{status}");
            assert_eq!(answer["data"][0]["status"], status);
        }
        assert_eq!(aliases(&app, &key, "sort=alias").await, ["active", "expired", "paused", "scheduled", "used-up"]);
        assert_eq!(aliases(&app, &key, "status=paused,archived&sort=alias").await, ["archived", "paused"]);
    }

    async fn a_search_finds_what_a_person_would_look_for_and_takes_no_wildcards(app: TestApp) {
        let key = all_key(&app).await;
        let links = [
            json!({"alias": "one", "title": "Spring Sale", "destination_url": "https://shop.example.com/a_b"}),
            json!({"alias": "two", "title": "100% wool", "destination_url": "https://example.com/axb", "tags": ["Winter"]}),
        ];
        for link in links {
            make(&app, &key, link).await;
        }
        for (search, found) in [("spring", vec!["one"]), ("SHOP.", vec!["one"]), ("winter", vec!["two"]), ("a_b", vec!["one"]),
            ("100%25", vec!["two"]), ("%25", vec!["two"]), ("o", vec!["two", "one"]), ("%5C", vec![]), ("nothing", vec![])] {
            let mut got = aliases(&app, &key, &format!("search={search}")).await;
            got.sort_by_key(|alias| found.iter().position(|known| known == alias));
            assert_eq!(got, found, "{search}");
        }
    }

    async fn a_list_is_filtered_by_time_domain_and_password(app: TestApp) {
        let key = all_key(&app).await;
        make(&app, &key, json!({"destination_url": "https://example.com", "alias": "early"})).await;
        app.clock.advance(Duration::from_secs(60));
        make(&app, &key, json!({"destination_url": "https://example.com", "alias": "late", "password": "mosaic"})).await;
        assert_eq!(aliases(&app, &key, "created_after=2026-02-15T10:30:30Z").await, ["late"]);
        assert_eq!(aliases(&app, &key, "created_before=2026-02-15T10:30:30Z").await, ["early"]);
        assert_eq!(aliases(&app, &key, "has_password=true").await, ["late"]);
        assert_eq!(aliases(&app, &key, "has_password=false").await, ["early"]);
        assert_eq!(aliases(&app, &key, "domain=localhost:8080&sort=alias").await, ["early", "late"]);
    }

    async fn every_order_goes_both_ways_and_a_cursor_walks_it_to_the_end(app: TestApp) {
        let key = all_key(&app).await;
        // alias, title, clicks; made a second apart in this order
        for (alias, title, clicks) in [("b", Some("x"), 2), ("a", None, 0), ("d", Some("y"), 0), ("c", Some("x"), 1)] {
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": alias, "title": title})).await;
            app.clock.advance(Duration::from_secs(1));
            for _ in 0..clicks {
                app.get(&format!("/{alias}")).send().await.expect(302);
            }
        }
        // Equal values follow their ids, which follow their making.
        let orders = [("created_at", "badc"), ("updated_at", "badc"), ("alias", "abcd"), ("title", "abcd"), ("clicks", "adcb"),
            ("last_clicked_at", "adbc")];
        for (sort, expected) in orders {
            let backwards: String = expected.chars().rev().collect();
            for (sort, expected) in [(sort.to_owned(), expected), (format!("-{sort}"), backwards.as_str())] {
                assert_eq!(aliases(&app, &key, &format!("sort={sort}")).await.concat(), expected, "{sort}");
                let (mut walked, mut cursor) = (String::new(), String::new());
                loop {
                    let path = format!("/v1/links?limit=1&sort={sort}{cursor}");
                    let answer = app.get(&path).bearer(&key).send().await.expect(200).json();
                    walked.push_str(&alias_list(&answer).concat());
                    assert_eq!(answer["meta"]["total"], 4);
                    let Some(next) = answer["meta"]["next_cursor"].as_str() else { break };
                    cursor = format!("&cursor={next}");
                }
                assert_eq!(walked, expected, "{sort}");
            }
        }
    }

    async fn a_cursor_holds_still_while_links_are_made_and_a_page_does_not(app: TestApp) {
        let key = all_key(&app).await;
        let add = async |alias: &str| {
            app.clock.advance(Duration::from_secs(1));
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": alias})).await;
        };
        for alias in ["l1", "l2", "l3", "l4"] {
            add(alias).await;
        }
        let first = app.get("/v1/links?limit=2").bearer(&key).send().await.expect(200).json();
        assert_eq!(alias_list(&first), ["l4", "l3"]);
        add("l5").await;
        assert_eq!(aliases(&app, &key, "limit=2&page=2").await, ["l3", "l2"]);
        let cursor = first["meta"]["next_cursor"].as_str().unwrap();
        let second = app.get(&format!("/v1/links?limit=2&cursor={cursor}")).bearer(&key).send().await.expect(200).json();
        assert_eq!(alias_list(&second), ["l2", "l1"]);
        assert_eq!(second["meta"], json!({"total": 5, "page": null, "limit": 2, "next_cursor": null}));
    }

    async fn parameters_that_are_wrong_are_named(app: TestApp) {
        let key = all_key(&app).await;
        let table = [("limit=0", "limit"), ("limit=101", "limit"), ("page=0", "page"), ("page=-1", "page"), ("page=x", "page"),
            ("page=10001", "page"), ("cursor=x", "cursor"), ("page=1&cursor=x", "cursor"), ("sort=colour", "sort"),
            ("status=gone", "status"), ("domain=elsewhere.example", "domain"), ("created_after=today", "created_after"),
            ("has_password=maybe", "has_password"), ("format=xml", "format"), ("tag=x", "tag"), ("limit=1&limit=2", "limit")];
        for (query, field) in table {
            let refused = app.get(&format!("/v1/links?{query}")).bearer(&key).send().await.expect(400).json();
            let fields: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
            assert!(fields.contains(&field), "{query}: {fields:?}");
        }
    }

    async fn a_csv_holds_everything_that_matches_and_runs_nothing(app: TestApp) {
        let key = all_key(&app).await;
        for number in 0..203 {
            app.clock.advance(Duration::from_secs(1));
            let title = if number == 0 { "=1+1" } else { "T" };
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": format!("n{number}"), "title": title})).await;
        }
        let csv = app.get("/v1/links?limit=5&sort=created_at").bearer(&key).header("accept", "text/csv").send().await.expect(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        let lines: Vec<String> = csv.text().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 204);
        assert!(lines[0].starts_with("id,short_url,destination_url,alias,domain,title,tags,status,clicks"), "{}", lines[0]);
        assert!(lines[1].contains(",http://localhost:8080/n0,https://example.com,n0,localhost:8080,'=1+1,"), "{}", lines[1]);
        let mut distinct: Vec<&str> = lines[1..].iter().filter_map(|line| line.split(',').next()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 203);
        app.get("/v1/links?format=csv").bearer(&key).send().await.expect(200);
    }

    async fn a_csv_by_clicks_counts_those_of_the_last_second_and_misses_no_link(app: TestApp) {
        let key = all_key(&app).await;
        for number in 0..103 {
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": format!("n{number}")})).await;
        }
        app.get("/n50").send().await.expect(302);
        let csv = app.get("/v1/links?format=csv&sort=-clicks").bearer(&key).send().await.expect(200);
        let text = csv.text();
        let aliases: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').nth(3)).collect();
        assert_eq!(aliases[0], "n50");
        let distinct: std::collections::HashSet<&str> = aliases.iter().copied().collect();
        assert_eq!((aliases.len(), distinct.len()), (103, 103));
    }

    async fn a_cursor_that_was_made_up_is_refused_in_every_list(app: TestApp) {
        let owner = app.owner().await;
        let mut lists: Vec<(String, String)> = ["created_at", "updated_at", "clicks", "alias", "title", "last_clicked_at"]
            .into_iter()
            .flat_map(|by| [by.to_owned(), format!("-{by}")])
            .map(|sort| (format!("/v1/links?sort={sort}&"), sort))
            .collect();
        for (path, sort) in [("/v1/api-keys", "-created_at"), ("/v1/audit", "-seq"), ("/v1/members", "joined_at"),
            ("/v1/invitations", "-created_at"), ("/v1/auth/sessions", "-created_at"), ("/v1/workspaces", "created_at")] {
            lists.push((format!("{path}?"), sort.to_owned()));
        }
        for (path, sort) in lists {
            let is_text = sort.ends_with("alias") || sort.ends_with("title");
            let takes_none = path.starts_with("/v1/workspaces");
            for (value, fits) in [(json!(7), !is_text), (json!("x"), is_text), (json!("a\0b"), false)] {
                let cursor = json!({"s": sort, "v": value, "i": "00000000-0000-0000-0000-000000000009"}).to_string();
                let asked = app.get(&format!("{path}cursor={}", BASE64_URL_SAFE_NO_PAD.encode(cursor)));
                let reply = asked.bearer(&owner.token).send().await;
                if fits && !takes_none {
                    reply.expect(200);
                } else {
                    assert_eq!(reply.expect(400).json()["errors"][0]["field"], "cursor", "{path} {value}");
                }
            }
        }
    }
}
