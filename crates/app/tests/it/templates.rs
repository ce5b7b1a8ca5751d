//! Templates and logos through the API.

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::links::all_key;
use crate::qr_codes::{make, path};
use crate::support::other_workspace;

const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40"><path fill="#123456" d="M4 4h32v32H4z"/></svg>"##;

async fn logo(app: &TestApp, key: &str) -> Value {
    let upload =
        app.post("/v1/logos?name=Tile").bearer(key).header("content-type", "image/svg+xml").body(SVG);
    upload.send().await.expect(201).json()
}

both! {
    async fn a_thousand_templates_fit_and_many_at_once_do_not_get_past_it(app: TestApp) {
        let key = all_key(&app).await;
        let order = || app.post("/v1/templates").bearer(&key).json(json!({"name": "Spring", "style": {}})).send();
        for _ in 0..998 {
            order().await.expect(201);
        }
        let (a, b, c, d, e) = tokio::join!(order(), order(), order(), order(), order());
        let mut statuses = [&a, &b, &c, &d, &e].map(|reply| reply.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 409, 409, 409]);
    }

    async fn s143_templates_are_kept_applied_and_deleted_each_by_its_own_scope(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["templates.read", "templates.create", "templates.update", "qr.read", "qr.create", "qr.update"])).await.key;
        let style = json!({"dotsOptions": {"type": "rounded", "color": "#123456"}});
        let made = app.post("/v1/templates").bearer(&key).json(json!({"name": "Spring", "style": style})).send().await.expect(201);
        let at = made.header("location");
        assert_eq!(made.json()["style"], style);
        let id = made.json()["id"].clone();
        let order = json!({"name": "Menu", "destination_url": "https://example.com/", "template_id": id, "style": {"dotsOptions": {"color": "#000080"}}});
        let code = make(&app, &key, order).await;
        assert_eq!(code["style"], json!({"dotsOptions": {"type": "rounded", "color": "#000080"}}), "its own over the template's");

        // A template that changes changes no code; applying it does.
        let change = json!({"style": {"dotsOptions": {"type": "dots"}}});
        assert_eq!(app.patch(&at).bearer(&key).json(change).send().await.expect(200).header("etag"), "\"v2\"");
        assert_eq!(app.get(&path(&code)).bearer(&key).send().await.expect(200).json()["style"], code["style"]);
        let apply = json!({"qr_code_ids": [code["id"]]});
        let applied = app.post(&format!("{at}/apply")).bearer(&key).json(apply).send().await.expect(200).json();
        assert_eq!(applied["data"][0]["id"], code["id"]);
        let read = app.get(&path(&code)).bearer(&key).send().await.expect(200).json();
        assert_eq!((&read["style"], &read["verdict"]), (&json!({"dotsOptions": {"type": "dots"}}), &applied["data"][0]["verdict"]));

        // All or none.
        let apply = json!({"qr_code_ids": [code["id"], "qr_01jd8qd4vkf4ktabjqvqxgqzne"]});
        app.patch(&at).bearer(&key).json(json!({"style": {}})).send().await.expect(200);
        let refused = app.post(&format!("{at}/apply")).bearer(&key).json(apply).send().await.expect(400).json();
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("qr_code_ids[1]"), &json!("not_found")));
        assert_eq!(app.get(&path(&code)).bearer(&key).send().await.expect(200).json()["style"], read["style"]);

        let saved = app.post(&format!("{}/template", path(&code))).bearer(&key).json(json!({"name": "From a code"})).send().await.expect(201).json();
        assert_eq!(saved["style"], read["style"]);
        let copy = app.post(&format!("{at}/duplicate")).bearer(&key).send().await.expect(201).json();
        assert_eq!(copy["name"], "Spring (copy)");
        let found = app.get("/v1/templates?search=SPRING").bearer(&key).send().await.expect(200).json();
        assert_eq!(found["meta"]["total"], 2);
        assert_eq!(app.delete(&at).bearer(&key).send().await.expect(403).code(), "insufficient_scope");
        app.delete(&at).bearer(&owner.token).send().await.expect(204);
        app.get(&at).bearer(&key).send().await.expect(404);
    }

    async fn presets_are_styles_that_a_template_takes(app: TestApp) {
        let key = all_key(&app).await;
        let presets = app.get("/v1/templates/presets").bearer(&key).send().await.expect(200).json();
        let presets = presets["data"].as_array().unwrap();
        assert!(presets.len() >= 10, "{} presets", presets.len());
        let order = json!({"name": presets[0]["name"], "style": presets[0]["style"]});
        app.post("/v1/templates").bearer(&key).json(order).send().await.expect(201);
    }

    async fn a_logo_is_kept_once_written_anew_and_stays_while_it_is_used(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await.key;
        let logo = logo(&app, &key).await;
        assert_eq!((&logo["name"], &logo["media_type"], &logo["width_px"]), (&json!("Tile"), &json!("image/svg+xml"), &json!(40)));
        let again = app.post("/v1/logos").bearer(&key).header("content-type", "image/svg+xml").body(SVG).send().await.expect(200).json();
        assert_eq!(again["id"], logo["id"]);
        let at = format!("/v1/logos/{}", logo["id"].as_str().unwrap());
        let image = app.get(&format!("{at}/image")).bearer(&key).send().await.expect(200);
        assert_eq!(image.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(image.header("x-content-type-options"), "nosniff");
        assert!(image.header("content-disposition").starts_with("attachment; filename=\"logo_"));
        app.get(&format!("{at}/image")).bearer(&key).header("if-none-match", image.header("etag")).send().await.expect(304);

        let order = json!({"name": "Menu", "destination_url": "https://example.com/", "style": {"image": logo["id"], "imageOptions": {"imageSize": 0.3}}});
        let code = make(&app, &key, order.clone()).await;
        let used = app.delete(&at).bearer(&key).send().await.expect(409);
        assert_eq!(used.json()["detail"], "1 QR codes and 0 templates use this logo. Give them another one first.");
        // Another workspace has no such logo.
        let elsewhere = other_workspace(&app, &owner).await;
        let foreign = app.post("/v1/qr-codes").bearer(&elsewhere.token).json(order).send().await.expect(400).json();
        assert_eq!((&foreign["errors"][0]["field"], &foreign["errors"][0]["code"]), (&json!("style.image"), &json!("not_found")));
        app.get(&at).bearer(&elsewhere.token).send().await.expect(404);

        app.patch(&path(&code)).bearer(&key).json(json!({"style": null})).send().await.expect(200);
        app.delete(&at).bearer(&key).send().await.expect(204);
        app.get(&at).bearer(&key).send().await.expect(404);
    }

    async fn what_is_no_picture_is_refused_by_name(app: TestApp) {
        let key = all_key(&app).await;
        let upload = |kind: &str, body: Vec<u8>| app.post("/v1/logos").bearer(&key).header("content-type", kind).body(body).send();
        assert_eq!(upload("application/json", b"{}".to_vec()).await.expect(415).code(), "unsupported_media_type");
        assert_eq!(upload("image/png", Vec::new()).await.expect(400).json()["errors"][0]["code"], "required");
        assert_eq!(upload("image/png", b"GIF89a".to_vec()).await.expect(400).json()["errors"][0]["code"], "format");
        assert_eq!(upload("image/png", vec![0; 1_048_577]).await.expect(413).code(), "body_too_large");
        let script = SVG.replace("<path", "<script>alert(1)</script><path");
        assert_eq!(upload("image/svg+xml", script.into_bytes()).await.expect(400).json()["errors"][0]["code"], "unsupported");
        let wrong = json!({"name": "", "style": {"image": format!("data:image/png;base64,{}", "A".repeat(70_000))}});
        let refused = app.post("/v1/templates").bearer(&key).json(wrong).send().await.expect(400).json();
        let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
        assert!(fields.contains(&json!("name")) && fields.contains(&json!("style.image")), "{refused}");
    }
}
