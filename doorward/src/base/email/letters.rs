//! The properties of letters that decide about addresses. The tables are those of the Unicode Character Database.

use icu_casemap::CaseMapper;
use icu_properties::{
    CodePointSetData,
    props::{DefaultIgnorableCodePoint, PrependedConcatenationMark},
};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Returns a text with simple case folding (CaseFolding.txt, statuses C and S) and in NFC. `ß` does not become `ss`.
pub(super) fn folded(text: &str) -> String {
    let fold = |text: &str| -> String { text.nfc().map(fold).nfc().collect() };
    // A folded letter may join with the accent behind it, and the result may have a folding of its own.
    let mut folded = fold(text);
    loop {
        let again = fold(&folded);
        if again == folded {
            return folded;
        }
        folded = again;
    }
}

fn fold(letter: char) -> char {
    CaseMapper::new().simple_fold(letter)
}

/// Returns `true` for a letter that NFC and case folding turn into ASCII, such as `ſ`, which becomes `s`. An address
/// with such a letter would get the key of another person's address.
pub(super) fn poses_as_ascii(letter: char) -> bool {
    !letter.is_ascii() && std::iter::once(letter).nfc().map(fold).all(|letter| letter.is_ascii())
}

/// Returns `true` for a letter that NFC and lower case turn into ASCII, such as the Kelvin sign, which becomes `k`.
pub(super) fn is_ascii_in_lower_case(letter: char) -> bool {
    !letter.is_ascii()
        && std::iter::once(letter).nfc().flat_map(char::to_lowercase).all(|letter| letter.is_ascii())
}

/// Returns `true` for spaces, and for characters that leave no trace on a screen: `White_Space`,
/// `Default_Ignorable_Code_Point`, and the general category `Cf`. A few characters of `Cf` are visible: they are a
/// `Prepended_Concatenation_Mark`.
pub(super) fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
        || (letter.general_category() == GeneralCategory::Format
            && !CodePointSetData::new::<PrependedConcatenationMark>().contains(letter))
}

/// Returns `true` for `atext` of RFC 5322 and the dot, and beyond ASCII (RFC 6531) for visible, assigned characters.
pub(super) fn is_local(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    }
    !matches!(letter.general_category_group(), GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator)
        && letter.general_category() != GeneralCategory::EnclosingMark
}
