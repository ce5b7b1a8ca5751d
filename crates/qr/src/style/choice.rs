//! Words to choose from, as they travel.
//!
//! An unknown word is kept as `Unknown` until the style is checked, so that it is reported together with everything else
//! that is wrong, and not alone.

macro_rules! choices {
    ($(#[$meta:meta])* $name:ident as $schema:literal: $about:literal { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that is none of these. [`Style::check`](crate::Style::check) refuses it.
            Unknown,
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in the API.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown => "unknown",
                }
            }

            /// All words, for a message.
            pub(crate) fn words() -> String {
                Self::ALL.iter().map(|choice| choice.as_str()).collect::<Vec<_>>().join(", ")
            }

            pub(crate) fn is_unknown(self) -> bool {
                self == Self::Unknown
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::ALL.iter().copied().find(|choice| choice.as_str() == word).unwrap_or(Self::Unknown))
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|choice| choice.as_str())))
                    .description(Some($about))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($schema)
            }
        }
    };
}

choices! {
    DotType as "QrDotType": "The shape of modules. All but `square` and `dots` look at their neighbours, so that touching modules run together." {
        Square = "square",
        Dots = "dots",
        Rounded = "rounded",
        ExtraRounded = "extra-rounded",
        Classy = "classy",
        ClassyRounded = "classy-rounded",
    }
}

choices! {
    CornerType as "QrCornerType": "The shape of a finder pattern's ring or core. `square`, `dot` and `extra-rounded` (of a ring) are one figure; the others are drawn module by module." {
        Square = "square",
        Dot = "dot",
        ExtraRounded = "extra-rounded",
        Rounded = "rounded",
        Dots = "dots",
        Classy = "classy",
        ClassyRounded = "classy-rounded",
    }
}

choices! {
    GradientType as "QrGradientType": "Along a line, or from the centre outwards." {
        Linear = "linear",
        Radial = "radial",
    }
}

choices! {
    Shape as "QrShape": "`circle` surrounds the symbol with modules that say nothing, up to a circle." {
        Square = "square",
        Circle = "circle",
    }
}

choices! {
    Unit as "QrUnit": "What `width` and `height` count." {
        Px = "px",
        Mm = "mm",
        In = "in",
    }
}

choices! {
    FrameType as "QrFrameType": "What surrounds the code." {
        None = "none",
        /// A border with square corners. A label only if a text is given.
        Box = "box",
        /// A border with round corners. A label only if a text is given.
        RoundedBox = "rounded-box",
        /// A border that grows into a bar with the text.
        Banner = "banner",
        /// A bubble beside a bordered code, pointing at it.
        SpeechBubble = "speech-bubble",
        /// A pill that sits on the border.
        Tab = "tab",
        /// A stub behind a perforation.
        Ticket = "ticket",
        /// A phone that shows the code.
        Phone = "phone",
        /// An instant photograph: a wide edge for the text.
        Polaroid = "polaroid",
        /// A ring with the text along it.
        Circle = "circle",
        /// Four brackets, as in a camera's viewfinder.
        Viewfinder = "viewfinder",
        /// A ribbon folded around the border.
        Ribbon = "ribbon",
    }
}

choices! {
    FramePosition as "QrFramePosition": "Where the text stands." {
        Below = "below",
        Above = "above",
    }
}

choices! {
    Mode as "QrMode": "How the text is written into the symbol. Without it, whatever is shortest." {
        Numeric = "Numeric",
        Alphanumeric = "Alphanumeric",
        Byte = "Byte",
        Kanji = "Kanji",
    }
}
