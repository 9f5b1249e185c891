//! Which texts are addresses, and which addresses are the same.

use super::*;

fn key(text: &str) -> String {
    Email::parse(text).unwrap().key
}

#[test]
fn the_same_address_has_one_key() {
    for same in
        ["ann@example.org", "Ann@Example.ORG", "  ann@example.org\t", "ANN@ｅxample.org", "ann@example。org"]
    {
        assert_eq!(key(same), "ann@example.org", "{same:?}");
    }
    assert_eq!(key("jos\u{e9}@b\u{fc}cher.example"), "jos\u{e9}@xn--bcher-kva.example");
    assert_eq!(key("JOSE\u{301}@BU\u{308}CHER.example"), "jos\u{e9}@xn--bcher-kva.example");
    assert_eq!(key("a@XN--BCHER-KVA.example"), "a@xn--bcher-kva.example");
}

/// CaseFolding.txt of the Unicode Character Database, statuses C and S.
#[test]
fn case_is_folded_letter_by_letter() {
    for (one, other) in [
        // A sigma has two small forms. The lower case of a word depends on the place of the capital.
        ("νίκος.παππάς", "ΝΊΚΟΣ.ΠΑΠΠΆΣ"),
        ("νίκος", "νίκοσ"),
        ("stra\u{df}e", "STRA\u{1e9e}E"),
        ("\u{b5}", "\u{3bc}"),
        ("\u{3d1}\u{3d5}\u{3d6}\u{3f0}\u{3f1}\u{3f5}", "θφπκρε"),
        ("\u{1fb3}", "\u{1fbc}"),
        ("\u{1e9b}", "\u{1e61}"),
        ("\u{1fbe}", "\u{3b9}"),
        // Small Cherokee letters fold to the capitals, which are older.
        ("\u{ab70}\u{13f8}", "\u{13a0}\u{13f0}"),
        ("иван.петров", "ИВАН.ПЕТРОВ"),
        ("\u{10428}", "\u{10400}"),
        ("\u{10d0}", "\u{1c90}"),
        ("\u{1c80}", "в"),
    ] {
        assert_eq!(key(&format!("{one}@example.org")), key(&format!("{other}@example.org")), "{one} {other}");
    }
    for (one, other) in [
        ("stra\u{df}e", "strasse"),
        ("\u{130}", "i"),
        ("\u{130}", "i\u{307}"),
        ("\u{131}", "i"),
        ("\u{149}", "\u{2bc}n"),
        ("\u{fb01}", "fi"),
        ("\u{1fb3}", "\u{3b1}\u{3b9}"),
    ] {
        assert_ne!(key(&format!("{one}@example.org")), key(&format!("{other}@example.org")), "{one} {other}");
    }
}

#[test]
fn the_key_of_earlier_versions_comes_first() {
    let email = Email::parse("Νίκος@example.org").unwrap();
    assert_eq!(email.keys(), ["νίκος@example.org", "νίκοσ@example.org"]);
    let email = Email::parse("Иван@example.org").unwrap();
    assert_eq!(email.keys(), ["иван@example.org"; 2]);
}

#[test]
fn no_letter_gets_the_key_of_another_persons_address() {
    let changes = |letter: &char| {
        let text = letter.to_string();
        letters::folded(&text) != text || text.to_lowercase() != text || text.nfc().ne([*letter])
    };
    for letter in ('\u{80}'..=char::MAX).filter(changes) {
        for read in [Email::parse, Email::imported, Email::known] {
            if let Ok(email) = read(&format!("a{letter}b@example.org")) {
                assert!(!email.key.is_ascii(), "U+{:04X}", u32::from(letter));
            }
        }
    }
    // It folds to `s`. Older versions registered it, and its owner can still log in.
    assert!(Email::parse("\u{17f}am@example.org").is_err());
    assert!(Email::imported("\u{17f}am@example.org").is_err());
    assert_eq!(Email::known("\u{17f}am@example.org").unwrap().keys(), ["\u{17f}am@example.org"; 2]);
}

/// Whatever `White_Space`, `Default_Ignorable_Code_Point` and `Cf` contain (DerivedCoreProperties.txt).
#[test]
fn what_nobody_can_see_is_dropped_at_the_ends_and_named_inside() {
    let ends = |letter: &char| ['\t', '\u{85}'].contains(letter) || !letter.is_control();
    let unseen: Vec<_> = ('\0'..=char::MAX).filter(|letter| letters::is_invisible(*letter)).collect();
    for known in "\t \u{a0}\u{ad}\u{34f}\u{61c}\u{115f}\u{180e}\u{2003}\u{200b}\u{200e}\u{202c}\u{2028}\u{202f}\u{2060}\u{2069}\u{3000}\u{3164}\u{fe0f}\u{feff}\u{fff9}\u{e0001}".chars() {
        assert!(unseen.contains(&known), "U+{:04X}", u32::from(known));
    }
    for letter in unseen.into_iter().filter(ends) {
        for text in [
            format!("{letter}ann@example.org{letter}"),
            format!("ann@example.org{letter} {letter}"),
            format!(" {letter}\tann@example.org"),
        ] {
            assert_eq!(key(&text), "ann@example.org", "{text:?}");
            assert_eq!(Email::parse(&text).unwrap().typed, "ann@example.org");
        }
        for text in [format!("a{letter}nn@example.org"), format!("ann{letter}@example.org")] {
            let error = Email::parse(&text).unwrap_err().to_string();
            assert!(error.contains(&format!("U+{:04X}", u32::from(letter))), "{error}: {text:?}");
        }
    }
    for inside in ["ann@\u{200b}example.org", "ann@exam\u{ad}ple.org", "ann@example\u{a0}.org"] {
        for read in [Email::parse, Email::imported, Email::known] {
            assert!(matches!(read(inside), Err(Fault::Invisible(_))), "{inside:?}");
        }
        // An older version may have stored it.
        assert!(Email::of_account(inside).is_ok() || inside.contains('\u{a0}'), "{inside:?}");
    }
    // A Persian domain needs one, and IDNA knows where.
    for read in [Email::parse, Email::imported, Email::known] {
        assert!(read("a@\u{646}\u{627}\u{645}\u{647}\u{200c}\u{627}\u{6cc}.example").is_ok());
    }
    // Older versions took this letter for a part of the address. Its owner keeps it.
    let filled = "\u{3164}ann@example.org";
    assert_eq!(Email::known(filled).unwrap().keys(), [filled, "ann@example.org"]);
    assert_eq!(Email::of_account(filled).unwrap().keys(), [filled; 2]);
    assert_eq!(Email::known("\u{200b}ann@example.org").unwrap().keys(), ["ann@example.org"; 2]);
    // Visible, although they are of the category Cf.
    assert!(!letters::is_invisible('\u{600}') && !letters::is_invisible('\u{6dd}'));
}

/// RFC 5321, section 4.1.2: the quotation marks are no part of the name.
#[test]
fn an_address_with_unusual_dots_is_one_with_and_without_quotation_marks() {
    for (bare, quoted) in [
        ("a..b", "\"a..b\""),
        ("abc.", "\"abc.\""),
        (".abc", "\".abc\""),
        ("a...", "\"a...\""),
        ("..", "\"..\""),
    ] {
        for text in [bare, quoted] {
            let address = format!("{text}@docomo.example");
            assert!(Email::parse(&address).is_err(), "{address}");
            for read in [Email::imported, Email::known] {
                let email = read(&address).unwrap();
                assert_eq!(email.key, format!("{bare}@docomo.example"));
                assert_eq!((&*email.local(), &*email.typed), (quoted, &*address));
            }
        }
    }
    assert_eq!(Email::parse("a..b@x.org"), Err(Fault::Dots));
    let plain = Email::known("\"Ann\"@x.org").unwrap();
    assert_eq!((&*plain.key, &*plain.local()), ("ann@x.org", "Ann"));
    let longest = "a".repeat(61);
    assert!(Email::known(&format!("{longest}.@x.org")).is_ok());
    assert!(Email::known(&format!("{longest}a.@x.org")).is_err());
    for wrong in [
        "\"\"@x.org",
        "\"@x.org",
        "\"a..b@x.org",
        "a..b\"@x.org",
        "\"a b\"@x.org",
        "\"a\"b\"@x.org",
        "\"a\\..b\"@x.org",
        "\"a@b\"@x.org",
        "\"a>\"@x.org",
        "\"a..b\" @x.org",
        "a\"..\"b@x.org",
        "\"a\r\n..b\"@x.org",
    ] {
        assert!(Email::known(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn other_addresses_have_other_keys() {
    for other in ["a.nn@example.org", "ann+x@example.org", "ａnn@example.org", "аnn@example.org"] {
        assert_ne!(key(other), "ann@example.org", "{other:?}");
    }
    // Dotless and dotted i are different letters.
    assert_ne!(key("m\u{131}ke@example.org"), "mike@example.org");
    assert_ne!(key("m\u{130}ke@example.org"), "mike@example.org");
}

#[test]
fn anything_but_one_address_is_refused() {
    let long = format!("{}@example.org", "a".repeat(65));
    let longer = format!("a@{}org", "abcdefghi.".repeat(26));
    for wrong in [
        "",
        "@",
        "a",
        "a@",
        "@b.org",
        "a@b",
        "a@b@c.org",
        "a@x.org,b@y.org",
        "a@x.org\nBcc: b@y.org",
        "a@x.org\r\n",
        "\"a\"@x.org",
        "<a@x.org>",
        "a b@x.org",
        "a@x .org",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@x.org.",
        "a@.x.org",
        "a@x..org",
        ".a@x.org",
        "a.@x.org",
        "a..b@x.org",
        "a@-x.org",
        "a@x-.org",
        "a@x_y.org",
        "a@x.org\0",
        "a\0@x.org",
        "a\u{200b}@x.org",
        "a\u{202e}@x.org",
        "a\u{feff}@x.org",
        "a\u{a0}@x.org",
        "a\u{ff20}x.org",
        "a(c)@x.org",
        "mi\u{212a}e@x.org",
        "a;b@x.org",
        "a:b@x.org",
        "a@x.org;b",
        &long,
        &longer,
    ] {
        assert!(Email::parse(wrong).is_err(), "{wrong:?} is accepted");
    }
}

#[test]
fn lengths_are_exact() {
    assert!(Email::parse(&format!("{}@example.org", "a".repeat(64))).is_ok());
    let domain = format!("{}.org", ["abcdefghi"; 18].join("."));
    let fits = format!("{}@{domain}", "a".repeat(254 - 1 - domain.len()));
    assert_eq!(fits.len(), 254);
    assert!(fits.split('@').next().unwrap().len() > 64 || Email::parse(&fits).is_ok());
}

proptest::proptest! {
    #[test]
    fn a_key_is_its_own_key(text in "\\PC*@\\PC*") {
        if let Ok(email) = Email::parse(&text) {
            proptest::prop_assert_eq!(&Email::parse(&email.key).unwrap().key, &email.key);
        }
        if let Ok(email) = Email::known(&text) {
            proptest::prop_assert_eq!(&Email::known(&email.key).unwrap().key, &email.key);
        }
    }
}
