//! What `scope.rs` promises, as tests.

use super::*;

#[test]
fn the_table_has_fifty_one_scopes_and_each_word_reads_back() {
    assert_eq!(Scope::ALL.len(), 51);
    for scope in Scope::ALL {
        assert_eq!(scope.as_str().parse(), Ok(*scope));
        assert_eq!(format!("{}.{}", scope.resource(), scope.action()), scope.as_str());
        assert!(scope.describe().ends_with('.'), "{scope}");
        assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
    }
    assert!("Links.read".parse::<Scope>().is_err());
}

#[test]
fn s134_every_content_resource_has_its_four_actions() {
    for resource in [
        "links",
        "folders",
        "templates",
        "qr",
        "campaigns",
        "domains",
        "projects",
        "webhooks",
        "menus",
        "api_keys",
    ] {
        for action in ["read", "create", "update", "delete"] {
            assert!(format!("{resource}.{action}").parse::<Scope>().is_ok(), "{resource}.{action}");
        }
    }
}

#[test]
fn read_is_every_reading_but_keys_and_audit() {
    let read = Preset::Read.scopes();
    assert_eq!(
        read.to_string(),
        "links.read,folders.read,templates.read,qr.read,campaigns.read,domains.read,projects.read,\
         webhooks.read,menus.read,analytics.read,reports.read,customers.read,account.read,events.read"
    );
}

#[test]
fn s025_each_preset_holds_the_one_before() {
    let [read, read_write, all] = [Preset::Read, Preset::ReadWrite, Preset::All].map(Preset::scopes);
    assert!(read.is_subset(read_write) && read_write.is_subset(all));
    assert_eq!((read.len(), read_write.len(), all.len()), (14, 46, 51));
    assert_eq!(
        all.difference(read_write).to_string(),
        "api_keys.read,api_keys.create,api_keys.update,api_keys.delete,audit.read"
    );
}

#[test]
fn s227_a_viewer_cannot_even_list_keys_and_power_is_ordered() {
    assert!(Role::Viewer < Role::Editor && Role::Editor < Role::Admin && Role::Admin < Role::Owner);
    assert!(!Role::Viewer.scopes().contains(Scope::ApiKeysRead));
    assert!(!Role::Editor.scopes().contains(Scope::ApiKeysRead));
    assert!(Role::Editor.scopes().contains(Scope::LinksDelete));
    assert_eq!(Role::Admin.scopes(), ScopeSet::all());
    assert_eq!(Role::Owner.scopes(), ScopeSet::all());
}

#[test]
fn a_set_is_an_array_of_words_in_the_order_of_the_table() {
    let set: ScopeSet = [Scope::EventsRead, Scope::LinksRead].into_iter().collect();
    assert_eq!(serde_json::to_string(&set).unwrap(), r#"["links.read","events.read"]"#);
    assert_eq!(serde_json::from_str::<ScopeSet>(r#"["events.read","links.read"]"#).unwrap(), set);
    assert!(serde_json::from_str::<ScopeSet>(r#"["links.*"]"#).is_err());
    assert_eq!(format!("{set:?}"), "{links.read,events.read}");
    assert_eq!(ScopeSet::empty().to_string(), "");
}

#[test]
fn the_schema_lists_the_words() {
    let schema = serde_json::to_value(<Preset as utoipa::PartialSchema>::schema()).unwrap();
    assert_eq!(schema, serde_json::json!({"type": "string", "enum": ["read", "read_write", "all"]}));
}
