//! What a key was given, and the rule for handing on: granted ⊆ the minter's own effective scopes.
//!
//! The rule is one function, [`may_grant`], for every path on which a key, token or person makes another
//! credential. A grant is a preset by name or a list; there is no wildcard and nothing is empty by accident.

use crate::{Preset, Scope, ScopeSet};

/// What a key was given: a preset (which grows with the product) or exactly these scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grant {
    Preset(Preset),
    List(ScopeSet),
}

/// Why names make no [`Grant`]. Each says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    #[error("name at least one scope, or one of the presets read, read_write, all")]
    Empty,
    #[error("there is no scope {name:?}{}", nearest.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default())]
    Unknown { name: String, nearest: Option<&'static str> },
    #[error("{name:?} is there twice")]
    Duplicate { name: String },
    #[error("the preset {:?} stands alone; leave out the other scopes or the preset", .0.as_str())]
    PresetMixed(Preset),
    #[error("{name:?} is a wildcard, and there are none; name the scopes, or use the preset \"all\"")]
    Wildcard { name: String },
}

/// What was asked for beyond what the minter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot grant what the granter lacks: {0}")]
pub struct Excess(pub ScopeSet);

impl Grant {
    /// Reads what a caller asks for: one preset, or one or more scopes, each once.
    pub fn request<S: AsRef<str>>(names: &[S]) -> Result<Self, ScopeError> {
        let (mut preset, mut set) = (None, ScopeSet::empty());
        for name in names.iter().map(AsRef::as_ref) {
            let duplicate = || ScopeError::Duplicate { name: name.to_owned() };
            if let Ok(named) = name.parse::<Preset>() {
                if preset == Some(named) {
                    return Err(duplicate());
                }
                preset = preset.or(Some(named));
            } else if let Ok(scope) = name.parse::<Scope>() {
                if set.contains(scope) {
                    return Err(duplicate());
                }
                set.insert(scope);
            } else {
                return Err(not_a_scope(name));
            }
        }
        match (preset, names.len()) {
            (Some(preset), 1) => Ok(Self::Preset(preset)),
            (Some(preset), _) => Err(ScopeError::PresetMixed(preset)),
            (None, 0) => Err(ScopeError::Empty),
            (None, _) => Ok(Self::List(set)),
        }
    }

    /// What the grant means today.
    pub fn scopes(&self) -> ScopeSet {
        match self {
            Self::Preset(preset) => preset.scopes(),
            Self::List(set) => *set,
        }
    }

    /// The names as a list, the way the API shows and takes them: one preset, or the scopes.
    pub fn names(&self) -> Vec<&'static str> {
        match self {
            Self::Preset(preset) => vec![preset.as_str()],
            Self::List(set) => set.iter().map(Scope::as_str).collect(),
        }
    }

    /// The form for one column: the preset's name or the scopes joined by commas.
    pub fn to_text(&self) -> String {
        self.names().join(",")
    }

    /// The inverse of [`Grant::to_text`], and as strict as [`Grant::request`]: a row that says nothing, or
    /// something unknown, was not written by this version and grants nothing.
    pub fn from_text(text: &str) -> Result<Self, ScopeError> {
        match text {
            "" => Err(ScopeError::Empty),
            _ => Self::request(&text.split(',').collect::<Vec<_>>()),
        }
    }

    /// The grant as it is to be stored when `minter` hands it on.
    ///
    /// A preset grows with the product, a list does not. So a preset handed on by a list, or by a smaller
    /// preset, becomes the list that it means today: otherwise the next version would give the child what its
    /// minter never had. Ask [`may_grant`] first.
    #[must_use]
    pub fn settled(self, minter: &Grant) -> Self {
        match (self, minter) {
            (Self::Preset(wanted), Self::Preset(own)) if wanted <= *own => self,
            _ => Self::List(self.scopes()),
        }
    }
}

/// The rule of minting: everything requested is among the minter's effective scopes.
///
/// ```
/// use tessera_keys::{Excess, Grant, Preset, Role, Scope, may_grant};
/// let editor = Role::Editor.scopes();
/// assert_eq!(may_grant(editor, &Grant::Preset(Preset::Read)), Ok(()));
/// let Err(Excess(missing)) = may_grant(editor, &Grant::Preset(Preset::All)) else { panic!() };
/// assert!(missing.contains(Scope::ApiKeysCreate));
/// ```
pub fn may_grant(minter: ScopeSet, requested: &Grant) -> Result<(), Excess> {
    let excess = requested.scopes().difference(minter);
    if excess.is_empty() { Ok(()) } else { Err(Excess(excess)) }
}

/// What a grant is worth under a ceiling: the creator's role for personal keys, the plan for workspace keys.
pub fn effective(grant: &Grant, ceiling: ScopeSet) -> ScopeSet {
    grant.scopes().intersection(ceiling)
}

/// A name of a scope or preset is never longer; what is longer is not repeated back in full.
const NAME_LEN_MAX: usize = 40;

fn not_a_scope(name: &str) -> ScopeError {
    let shown: String = name.chars().take(NAME_LEN_MAX).collect();
    if name.contains('*') {
        return ScopeError::Wildcard { name: shown };
    }
    ScopeError::Unknown { nearest: nearest(name), name: shown }
}

/// The known name with the fewest edits, if there are few enough for a typo.
fn nearest(name: &str) -> Option<&'static str> {
    if name.len() > NAME_LEN_MAX {
        return None;
    }
    let known = Scope::WORDS.iter().chain(Preset::WORDS).copied();
    let (edits, word) = known.map(|word| (edits(name, word), word)).min_by_key(|(edits, _)| *edits)?;
    (edits <= 1.max(word.len() / 4)).then_some(word)
}

/// How many letters to insert, remove or replace between the two (Levenshtein), one row at a time.
pub fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_request_is_one_preset_or_a_list() {
        assert_eq!(Grant::request(&["all"]), Ok(Grant::Preset(Preset::All)));
        let list = [Scope::LinksRead, Scope::LinksCreate].into_iter().collect();
        assert_eq!(Grant::request(&["links.create", "links.read"]), Ok(Grant::List(list)));
        assert_eq!(Grant::List(list).to_text(), "links.read,links.create");
    }

    #[test]
    fn every_wrong_request_is_refused_by_its_own_name() {
        let refusal = |names: &[&str]| Grant::request(names).unwrap_err();
        assert_eq!(refusal(&[]), ScopeError::Empty);
        assert_eq!(refusal(&["read", "all"]), ScopeError::PresetMixed(Preset::Read));
        assert_eq!(refusal(&["links.read", "all"]), ScopeError::PresetMixed(Preset::All));
        assert_eq!(refusal(&["all", "all"]), ScopeError::Duplicate { name: "all".into() });
        assert_eq!(
            refusal(&["links.read", "links.read"]),
            ScopeError::Duplicate { name: "links.read".into() }
        );
        for name in ["*", "links.*", "*.read", "**"] {
            assert_eq!(refusal(&[name]), ScopeError::Wildcard { name: name.into() });
        }
        for (name, nearest) in [
            ("link.read", Some("links.read")),
            ("links.raed", Some("links.read")),
            ("api-keys.read", Some("api_keys.read")),
            ("Links.Read", Some("links.read")),
            ("readwrite", Some("read_write")),
            ("", None),
            ("billing", None),
            (" ", None),
            ("links", None),
        ] {
            assert_eq!(refusal(&[name]), ScopeError::Unknown { name: name.into(), nearest }, "{name}");
        }
        assert_eq!(
            refusal(&["link.read"]).to_string(),
            "there is no scope \"link.read\"; did you mean \"links.read\"?"
        );
    }

    #[test]
    fn an_empty_column_grants_nothing() {
        assert_eq!(Grant::from_text(""), Err(ScopeError::Empty));
        assert!(Grant::from_text("links.read,").is_err());
        assert!(Grant::from_text("links.read,gone.read").is_err());
    }

    #[test]
    fn a_preset_handed_on_by_a_list_does_not_grow() {
        let everything_today = Grant::List(ScopeSet::all());
        let child = Grant::Preset(Preset::Read).settled(&everything_today);
        assert_eq!(child, Grant::List(Preset::Read.scopes()));
        let child = Grant::Preset(Preset::Read).settled(&Grant::Preset(Preset::All));
        assert_eq!(child, Grant::Preset(Preset::Read));
    }

    fn any_set() -> impl Strategy<Value = ScopeSet> {
        any::<u128>().prop_map(|bits| {
            Scope::ALL.iter().copied().filter(|&scope| bits >> scope as u8 & 1 == 1).collect()
        })
    }

    /// Names as an attacker would choose them: known, presets, wildcards, other cases, blanks, noise.
    fn any_name() -> impl Strategy<Value = String> {
        prop_oneof![
            6 => proptest::sample::select(Scope::WORDS).prop_map(str::to_owned),
            2 => proptest::sample::select(Preset::WORDS).prop_map(str::to_owned),
            2 => proptest::sample::select(&["*", "links.*", "*.*", "", " ", "null", "ALL", "admin", "all,all"][..])
                .prop_map(str::to_owned),
            1 => any::<String>(),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn t01_no_minter_grants_more_than_it_has(
            minter in any_set(),
            ceiling in any_set(),
            names in proptest::collection::vec(any_name(), 0..8),
            doubled in any::<bool>(),
        ) {
            let names = if doubled { [names.clone(), names].concat() } else { names };
            if let Ok(grant) = Grant::request(&names) {
                prop_assert!(!grant.scopes().is_empty());
                let settled = grant.settled(&Grant::List(minter));
                prop_assert_eq!(settled.scopes(), grant.scopes());
                match may_grant(minter, &grant) {
                    Ok(()) => {
                        prop_assert!(effective(&grant, ceiling).is_subset(minter));
                        prop_assert_eq!(effective(&grant, minter), grant.scopes());
                    }
                    Err(Excess(excess)) => {
                        prop_assert!(!excess.is_empty());
                        prop_assert!(excess.intersection(minter).is_empty());
                        prop_assert!(excess.is_subset(grant.scopes()));
                    }
                }
            }
        }

        #[test]
        fn t01_a_minter_may_hand_on_any_part_of_what_it_has(minter in any_set(), part in any_set()) {
            let part = minter.intersection(part);
            prop_assert_eq!(may_grant(minter, &Grant::List(part)), Ok(()));
            prop_assert_eq!(part.iter().collect::<ScopeSet>(), part);
        }

        #[test]
        fn a_grant_survives_its_column(set in any_set(), preset in proptest::sample::select(Preset::ALL)) {
            prop_assert_eq!(Grant::from_text(&Grant::Preset(preset).to_text()).unwrap(), Grant::Preset(preset));
            if !set.is_empty() {
                prop_assert_eq!(Grant::from_text(&Grant::List(set).to_text()).unwrap(), Grant::List(set));
            }
        }
    }
}
