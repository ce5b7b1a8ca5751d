//! A contact as a card: who it is, how to reach them, and one button that puts them into the phone's own contacts.

use maud::{Markup, html};
use tessera_qr::payload::{Address, Contact, Phone, PhoneKind};

use super::given;
use super::page::{Icon, Page, file_button, mailto, row, sms, tel, web, web_link};

pub(super) fn page(contact: &Contact) -> Page {
    let name = contact.name();
    let role = [given(&contact.title), given(&contact.department), given(&contact.organization)];
    let role: Vec<&str> = role.into_iter().flatten().filter(|part| *part != name).collect();
    let nickname = given(&contact.nickname).filter(|nickname| *nickname != name);
    let content = html! {
        header {
            div class="face" aria-hidden="true" { (initials(contact)) }
            h1 dir="auto" { (name) }
            @if !role.is_empty() { p dir="auto" { (role.join(" · ")) } }
            @if let Some(nickname) = nickname { p dir="auto" { "“" (nickname) "”" } }
        }
        (shortcuts(contact))
        (file_button("Add to contacts"))
        (details(contact))
    };
    Page::new(&name, &content)
}

/// What a thumb reaches for, at most four.
fn shortcuts(contact: &Contact) -> Markup {
    let spoken = |phone: &&Phone| phone.kind != PhoneKind::Fax;
    let call = contact.phones.iter().find(spoken);
    let message = contact.phones.iter().find(|phone| phone.kind == PhoneKind::Mobile);
    let site = contact.websites.iter().find_map(|address| web(address));
    let shortcuts = [
        call.map(|phone| (tel(&phone.number), Icon::CALL, "Call")),
        message.map(|phone| (sms(&phone.number), Icon::MESSAGE, "Message")),
        contact.emails.first().map(|address| (mailto(address), Icon::MAIL, "Mail")),
        site.map(|url| (url.into(), Icon::WEB, "Website")),
    ];
    let shortcuts: Vec<(String, Icon, &str)> = shortcuts.into_iter().flatten().collect();
    html! {
        @if !shortcuts.is_empty() {
            nav aria-label="Shortcuts" {
                @for (address, icon, words) in shortcuts { a href=(address) rel="noreferrer" { (icon) (words) } }
            }
        }
    }
}

fn details(contact: &Contact) -> Markup {
    let phone = |phone: &Phone| html! { a href=(tel(&phone.number)) { (phone.number) } };
    let email = |address: &String| html! { a href=(mailto(address)) { (address) } };
    let mut rows: Vec<Markup> = contact.phones.iter().map(|of| row(kind(of.kind), &phone(of))).collect();
    rows.extend(contact.emails.iter().map(|address| row("E-mail", &email(address))));
    rows.extend(contact.websites.iter().map(|address| row("Website", &web_link(address))));
    rows.extend(contact.addresses.iter().map(|address| row("Address", &html! { (postal(address)) })));
    rows.extend(given(&contact.birthday).map(|day| row("Birthday", &html! { (birthday(day)) })));
    rows.extend(given(&contact.note).map(|note| row("Note", &html! { (note) })));
    html! { @if !rows.is_empty() { dl { @for row in rows { (row) } } } }
}

const fn kind(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Mobile => "Mobile",
        PhoneKind::Work => "Work",
        PhoneKind::Home => "Home",
        PhoneKind::Fax => "Fax",
    }
}

/// One or two letters that stand for a face.
fn initials(contact: &Contact) -> String {
    let first = |text: &Option<String>| given(text).and_then(|text| text.chars().next());
    let name = contact.name();
    let letters: Vec<char> =
        [first(&contact.first_name), first(&contact.last_name)].into_iter().flatten().collect();
    let letters = if letters.is_empty() { name.chars().take(1).collect() } else { letters };
    letters.into_iter().flat_map(char::to_uppercase).collect()
}

/// In lines, as it stands on an envelope.
fn postal(address: &Address) -> String {
    let town = [given(&address.postal_code), given(&address.city)];
    let town: Vec<&str> = town.into_iter().flatten().collect();
    let town = (!town.is_empty()).then(|| town.join(" "));
    let lines = [
        given(&address.street).map(str::to_owned),
        town,
        given(&address.region).map(str::to_owned),
        given(&address.country).map(str::to_owned),
    ];
    lines.into_iter().flatten().collect::<Vec<String>>().join("\n")
}

fn birthday(day: &str) -> String {
    let date = day.parse::<jiff::civil::Date>();
    date.map_or_else(|_| day.to_owned(), |date| date.strftime("%-d %B %Y").to_string())
}
