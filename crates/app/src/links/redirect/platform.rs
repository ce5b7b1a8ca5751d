//! What a visitor's device runs, as far as that decides where they go.
//!
//! Read from the first brackets of the User-Agent, which name the platform; what stands elsewhere is a browser naming
//! its relatives. An iPad that asks for desktop sites calls itself a Mac and counts as one.

use crate::links::rules::Device;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Ios,
    Android,
    Windows,
    Macos,
    Linux,
    Chromeos,
    Other,
}

impl Platform {
    pub(super) fn of(user_agent: &str) -> Self {
        let platform = user_agent.split_once('(').map_or("", |(_, rest)| rest);
        let platform = platform.split_once(')').map_or(platform, |(platform, _)| platform);
        let mut words = platform.split(';').map(str::trim);
        let Some(first) = words.next() else { return Self::Other };
        let is = |word: &str, name: &str| {
            word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        match first {
            "iPhone" | "iPad" | "iPod" | "iPod touch" => Self::Ios,
            first if is(first, "Android") => Self::Android,
            "Macintosh" => Self::Macos,
            // Windows phones called themselves Android behind their own name, and ran no programs of either.
            first if is(first, "Windows Phone") => Self::Other,
            first if is(first, "Windows") => Self::Windows,
            "Linux" | "X11" | "Wayland" => words
                .find_map(|word| match word {
                    word if is(word, "Android") => Some(Self::Android),
                    word if is(word, "CrOS") => Some(Self::Chromeos),
                    _ => None,
                })
                .unwrap_or(Self::Linux),
            _ => Self::Other,
        }
    }

    pub(super) fn is(self, device: Device) -> bool {
        let is_mobile = matches!(self, Self::Ios | Self::Android);
        match device {
            Device::Ios => self == Self::Ios,
            Device::Android => self == Self::Android,
            Device::Windows => self == Self::Windows,
            Device::Macos => self == Self::Macos,
            Device::Linux => self == Self::Linux,
            Device::Chromeos => self == Self::Chromeos,
            Device::Mobile => is_mobile,
            Device::Desktop => !is_mobile && self != Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_told_by_its_platform_and_by_nothing_else() {
        let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
        let table = [
            ("iPhone; CPU iPhone OS 17_5 like Mac OS X", webkit, Platform::Ios),
            ("iPad; CPU OS 12_5 like Mac OS X", webkit, Platform::Ios),
            ("iPod touch; CPU iPhone OS 15_0 like Mac OS X", webkit, Platform::Ios),
            ("Linux; Android 10; K", chrome, Platform::Android),
            ("Linux; U; Android 14; Pixel 8 Build/UD1A", chrome, Platform::Android),
            ("Android 14; Mobile; rv:127.0", "Gecko/127.0 Firefox/127.0", Platform::Android),
            ("Macintosh; Intel Mac OS X 10_15_7", webkit, Platform::Macos),
            ("Windows NT 10.0; Win64; x64", chrome, Platform::Windows),
            ("X11; Linux x86_64", chrome, Platform::Linux),
            ("X11; Ubuntu; Linux x86_64; rv:127.0", "Gecko/20100101 Firefox/127.0", Platform::Linux),
            ("X11; CrOS x86_64 14541.0.0", chrome, Platform::Chromeos),
            ("Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950", chrome, Platform::Other),
            ("compatible; Androidesque 2; iPhone", chrome, Platform::Other),
        ];
        for (platform, rest, expected) in table {
            assert_eq!(Platform::of(&format!("Mozilla/5.0 ({platform}) {rest}")), expected, "{platform}");
        }
        for user_agent in
            ["", "curl/8.5.0", "iPhone", "Mozilla/5.0 (", "MyApp/1 CFNetwork/1494 Darwin/23.4.0"]
        {
            assert_eq!(Platform::of(user_agent), Platform::Other, "{user_agent}");
        }
    }

    #[test]
    fn a_class_is_its_systems_and_what_is_not_known_is_in_none() {
        let of = |device: Device| {
            use Platform::{Android, Chromeos, Ios, Linux, Macos, Other, Windows};
            [Ios, Android, Windows, Macos, Linux, Chromeos, Other].map(|platform| platform.is(device))
        };
        assert_eq!(of(Device::Mobile), [true, true, false, false, false, false, false]);
        assert_eq!(of(Device::Desktop), [false, false, true, true, true, true, false]);
        assert_eq!(of(Device::Macos), [false, false, false, true, false, false, false]);
    }
}
