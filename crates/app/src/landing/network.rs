//! A wireless network: its name and password to copy, and how to join with either kind of phone.

use maud::{Markup, html};
use tessera_qr::payload::{Security, Wifi};

use super::given;
use super::page::{Icon, Page, row};

pub(super) fn page(network: &Wifi) -> Page {
    let password = given_password(network);
    let content = html! {
        header {
            div class="face" { (Icon::NETWORK) }
            h1 dir="auto" { (network.ssid) }
            p { "Wi‑Fi network" }
        }
        dl {
            (row("Name", &html! { span class="copy" { (network.ssid) } }))
            @if has_accounts(network) {
                (row("User name", &html! {
                    @match given(&network.identity) {
                        Some(identity) => span class="copy" { (identity) },
                        None => "Your own",
                    }
                }))
            }
            @match password {
                // Closed at first: the next person in the queue reads along.
                Some(password) => (row("Password", &html! {
                    details { summary { "Show password" } span class="copy" { (password) } small { "Press and hold it to copy." } }
                })),
                None if has_accounts(network) => (row("Password", &html! { "Your own" })),
                None => (row("Password", &html! { "None. Anybody can join." })),
            }
            (row("Security", &html! { (security(network.security)) }))
            @if let Some(method) = network.eap_method { (row("EAP method", &html! { (method.as_str()) })) }
            @if let Some(method) = network.phase2_method { (row("Phase 2", &html! { (method.as_str()) })) }
            @if let Some(identity) = given(&network.anonymous_identity) {
                (row("Anonymous identity", &html! { span class="copy" { (identity) } }))
            }
            @if network.hidden { (row("Visibility", &html! { "Hidden: the name does not show up by itself." })) }
        }
        section class="card" { h2 { "iPhone and iPad" } (steps(network, "Settings, then Wi‑Fi", "Other…", "Join")) }
        section class="card" { h2 { "Android" } (steps(network, "Settings, then Internet or Wi‑Fi", "Add network", "Connect")) }
    };
    Page::new(&format!("Wi-Fi: {}", network.ssid), &content)
}

fn steps(network: &Wifi, place: &str, other: &str, join: &str) -> Markup {
    let has_password = given_password(network).is_some();
    html! {
        ol {
            @if network.hidden {
                li { "Open " (place) ", and choose " b { (other) } }
                li {
                    "Type the name, choose " b { (security(network.security)) }
                    @if has_accounts(network) { ", enter user name and password" }
                    @else if has_password { ", paste the password" }
                    ", and tap " b { (join) }
                }
            } @else {
                li { "Open " (place) ", and choose " b dir="auto" { (network.ssid) } }
                @if has_accounts(network) { li { "Enter user name and password, and tap " b { (join) } } }
                @else if has_password { li { "Paste the password, and tap " b { (join) } } }
                @else { li { "Tap " b { (join) } } }
            }
        }
    }
}

fn has_accounts(network: &Wifi) -> bool {
    network.security == Security::Wpa2Enterprise
}

fn given_password(network: &Wifi) -> Option<&str> {
    // Spaces belong to a password.
    let has_one = network.security != Security::None && given(&network.password).is_some();
    network.password.as_deref().filter(|_| has_one)
}

const fn security(security: Security) -> &'static str {
    match security {
        Security::Wpa2 => "WPA2",
        Security::Wpa2Wpa3 => "WPA2/WPA3",
        Security::Wpa3 => "WPA3",
        Security::Wpa2Enterprise => "WPA2-Enterprise",
        Security::Wep => "WEP",
        Security::None => "None",
    }
}
