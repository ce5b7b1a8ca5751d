//! Which of the two phones a visitor holds, as far as that decides where an app is.
//!
//! Read from the first brackets of the User-Agent, which name the platform; what stands elsewhere is a browser naming
//! its relatives. An iPad that asks for desktop sites calls itself a Mac and counts as neither.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phone {
    Apple,
    Android,
    Neither,
}

impl Phone {
    pub(super) fn of(user_agent: &str) -> Self {
        let platform = user_agent.split_once('(').map_or("", |(_, rest)| rest);
        let platform = platform.split_once(')').map_or(platform, |(platform, _)| platform);
        let mut words = platform.split(';').map(str::trim);
        let Some(first) = words.next() else { return Self::Neither };
        if matches!(first, "iPhone" | "iPad" | "iPod" | "iPod touch") {
            return Self::Apple;
        }
        // Windows phones called themselves Android behind their own name.
        let is_android = |word: &str| word == "Android" || word.starts_with("Android ");
        if is_android(first) || (first == "Linux" && words.any(is_android)) {
            Self::Android
        } else {
            Self::Neither
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_told_by_its_platform_and_by_nothing_else() {
        let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
        let table = [
            ("iPhone; CPU iPhone OS 17_5 like Mac OS X", webkit, Phone::Apple),
            ("iPad; CPU OS 12_5 like Mac OS X", webkit, Phone::Apple),
            ("iPod touch; CPU iPhone OS 15_0 like Mac OS X", webkit, Phone::Apple),
            ("Linux; Android 10; K", chrome, Phone::Android),
            ("Linux; U; Android 14; Pixel 8 Build/UD1A", chrome, Phone::Android),
            ("Android 14; Mobile; rv:127.0", "Gecko/127.0 Firefox/127.0", Phone::Android),
            ("Macintosh; Intel Mac OS X 10_15_7", webkit, Phone::Neither),
            ("Windows NT 10.0; Win64; x64", chrome, Phone::Neither),
            ("X11; Linux x86_64", chrome, Phone::Neither),
            ("X11; CrOS x86_64 14541.0.0", chrome, Phone::Neither),
            ("Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950", chrome, Phone::Neither),
            ("compatible; Androidesque 2; iPhone", chrome, Phone::Neither),
        ];
        for (platform, rest, phone) in table {
            assert_eq!(Phone::of(&format!("Mozilla/5.0 ({platform}) {rest}")), phone, "{platform}");
        }
        for user_agent in
            ["", "curl/8.5.0", "iPhone", "Mozilla/5.0 (", "MyApp/1 CFNetwork/1494 Darwin/23.4.0"]
        {
            assert_eq!(Phone::of(user_agent), Phone::Neither, "{user_agent}");
        }
    }
}
