//! Ids as people see them: a prefix, `_`, and a UUIDv7 in 26 characters of Crockford base32, lower case.
//!
//! This is the TypeID text form (github.com/jetify-com/typeid, spec 0.3). The kind is part of the Rust type,
//! so a `LinkId` cannot be handed to something that wants a `WorkspaceId`, and parsing refuses the wrong
//! prefix before any query runs.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Chance, Stream, Timestamp};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The kinds of things that carry an id, with the prefix of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    ApiKey,
    Audit,
    BulkJob,
    Invitation,
    Link,
    Logo,
    Notice,
    QrCode,
    Request,
    Secret,
    Segment,
    Session,
    Template,
    User,
    View,
    Workspace,
}

impl Kind {
    pub const fn prefix(self) -> &'static str {
        match self {
            Kind::ApiKey => "key",
            Kind::Audit => "aud",
            Kind::BulkJob => "job",
            Kind::Invitation => "inv",
            Kind::Link => "link",
            Kind::Logo => "logo",
            Kind::Notice => "ntc",
            Kind::QrCode => "qr",
            Kind::Request => "req",
            Kind::Secret => "sec",
            Kind::Segment => "seg",
            Kind::Session => "ses",
            Kind::Template => "tpl",
            Kind::User => "usr",
            Kind::View => "view",
            Kind::Workspace => "ws",
        }
    }
}

/// The type-level name of a [`Kind`]; implemented by the uninhabited markers below.
pub trait Tag: 'static {
    const KIND: Kind;
}

/// An id of one kind. Sixteen bytes, ordered by creation time to the millisecond.
pub struct Id<T: Tag>(Uuid, PhantomData<fn() -> T>);

macro_rules! ids {
    ($($tag:ident $alias:ident $kind:ident;)*) => {$(
        #[derive(Debug)]
        pub enum $tag {}
        impl Tag for $tag { const KIND: Kind = Kind::$kind; }
        pub type $alias = Id<$tag>;
    )*};
}

ids! {
    ApiKeyTag ApiKeyId ApiKey;
    AuditTag AuditId Audit;
    BulkJobTag BulkJobId BulkJob;
    InvitationTag InvitationId Invitation;
    LinkTag LinkId Link;
    LogoTag LogoId Logo;
    NoticeTag NoticeId Notice;
    QrCodeTag QrCodeId QrCode;
    RequestTag RequestId Request;
    SecretTag SecretId Secret;
    SegmentTag SegmentId Segment;
    SessionTag SessionId Session;
    TemplateTag TemplateId Template;
    UserTag UserId User;
    ViewTag ViewId View;
    WorkspaceTag WorkspaceId Workspace;
}

impl<T: Tag> Id<T> {
    /// A new id: the milliseconds of `now`, then 74 bits of chance (UUID version 7, RFC 9562).
    pub fn new(now: Timestamp, chance: &dyn Chance) -> Self {
        let mut random = [0u8; 10];
        chance.fill(Stream::Id(T::KIND), &mut random);
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let mut bytes = [0u8; 16];
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Self(Uuid::from_bytes(bytes), PhantomData)
    }

    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

/// Why a text is no id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError(Kind);

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an id of the form {}_ followed by 26 characters", self.0.prefix())
    }
}

impl std::error::Error for IdError {}

impl<T: Tag> FromStr for Id<T> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = IdError(T::KIND);
        let body =
            text.strip_prefix(T::KIND.prefix()).and_then(|rest| rest.strip_prefix('_')).ok_or(wrong)?;
        // 26 characters hold 130 bits; the first may only carry three, or the value would not fit in 128.
        if body.len() != 26 || body.as_bytes()[0] > b'7' {
            return Err(wrong);
        }
        body.bytes()
            .try_fold(0u128, |value, byte| {
                let digit = ALPHABET.iter().position(|&letter| letter == byte)?;
                Some((value << 5) | digit as u128)
            })
            .map(|value| Self(Uuid::from_u128(value), PhantomData))
            .ok_or(wrong)
    }
}

impl<T: Tag> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0u8; 26];
        let mut value = self.0.as_u128();
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(value & 31) as usize];
            value >>= 5;
        }
        let text = std::str::from_utf8(&text).map_err(|_| fmt::Error)?;
        write!(f, "{}_{text}", T::KIND.prefix())
    }
}

impl<T: Tag> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// By hand: derives would ask the marker for the same traits.
impl<T: Tag> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Tag> Copy for Id<T> {}
impl<T: Tag> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T: Tag> Eq for Id<T> {}
impl<T: Tag> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: Tag> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T: Tag> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: Tag> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Tag> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<T: Tag> utoipa::PartialSchema for Id<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let prefix = T::KIND.prefix();
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$")))
            .examples([format!("{prefix}_01jd8qd4vkf4ktabjqvqxgqzne")])
            .build()
            .into()
    }
}

impl<T: Tag> utoipa::ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        let (head, tail) = T::KIND.prefix().split_at(1);
        format!("{}{tail}Id", head.to_uppercase()).into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SeededChance;

    #[test]
    fn an_id_of_the_typeid_specification_reads_and_prints() {
        // The valid example of the TypeID specification's vectors, with our prefix.
        let id: UserId = "usr_01h455vb4pex5vsknk084sn02q".parse().unwrap();
        assert_eq!(id.uuid().to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
        assert_eq!(id.to_string(), "usr_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn a_new_id_is_a_version_7_uuid_of_its_millisecond() {
        let now = crate::from_millis(1_750_000_000_123);
        let id = LinkId::new(now, &SeededChance::new(1));
        assert_eq!(id.uuid().get_version_num(), 7);
        assert_eq!(id.uuid().as_u128() >> 80, 1_750_000_000_123);
    }

    #[test]
    fn what_is_not_an_id_of_this_kind_is_refused() {
        for text in [
            "",
            "link",
            "link_",
            "usr_01h455vb4pex5vsknk084sn02q",
            "link_01h455vb4pex5vsknk084sn02",
            "link_01h455vb4pex5vsknk084sn02qq",
            "link_81h455vb4pex5vsknk084sn02q",
            "link_01H455VB4PEX5VSKNK084SN02Q",
            "link_01h455vb4pex5vsknk084sn0éq",
            "link_01h455vb4pex5vsknk084sn0lq",
        ] {
            assert!(text.parse::<LinkId>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_value_survives_the_round_trip(value: u128) {
            let id = ApiKeyId::from_uuid(Uuid::from_u128(value));
            prop_assert_eq!(id.to_string().parse::<ApiKeyId>().unwrap(), id);
        }
    }
}
