//! The setting `roles`: the roles that users can have.

/// The most roles that can be declared. So no user has more.
const MOST: usize = 16;

/// Returns `true` if this can be the name of a role: 1 to 32 of `a` to `z`, `0` to `9`, `-` and `_`.
fn is_role(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=32).contains(&name.len()) && name.bytes().all(is_of_name)
}

pub(super) fn check(roles: &[String]) -> Result<(), &'static str> {
    if roles.len() > MOST {
        return Err("expected at most 16 roles");
    }
    if !roles.iter().all(|role| is_role(role)) {
        return Err("expected names of 1 to 32 characters from a to z, 0 to 9, - and _");
    }
    let is_repeated = |(index, role): (usize, &String)| roles[..index].contains(role);
    if roles.iter().enumerate().any(is_repeated) {
        return Err("expected each role once");
    }
    Ok(())
}

/// Returns the roles as they are stored: sorted, each once, separated by spaces.
///
/// # Errors
/// The description of what was expected, if a role is not declared.
pub(crate) fn to_store<'a>(
    declared: &[String],
    given: impl IntoIterator<Item = &'a str>,
) -> Result<String, String> {
    let mut roles: Vec<&str> = given.into_iter().collect();
    if !roles.iter().all(|role| declared.iter().any(|declared| declared == role)) {
        return Err(match declared {
            [] => "no role is declared in the setting roles".to_owned(),
            declared => format!("expected roles that the setting roles declares: {}", declared.join(", ")),
        });
    }
    roles.sort_unstable();
    roles.dedup();
    Ok(roles.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(roles: &[&str]) -> Result<(), &'static str> {
        check(&roles.iter().map(|&role| role.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_name_of_a_role_is_short_and_plain() {
        for good in ["a", "admin", "read-only_2", &"a".repeat(32)] {
            assert_eq!(checked(&[good]), Ok(()), "{good}");
        }
        for bad in ["", "Admin", "a b", "ä", "a\n", "a,b", &"a".repeat(33)] {
            assert!(checked(&[bad]).is_err(), "{bad:?}");
        }
        assert!(checked(&["admin", "editor", "admin"]).is_err());
        let many: Vec<String> = (0..17).map(|number| format!("r{number}")).collect();
        assert!(check(&many).is_err() && check(&many[1..]).is_ok());
    }

    #[test]
    fn roles_are_stored_sorted_and_once() {
        let declared = ["editor".to_owned(), "admin".to_owned()];
        assert_eq!(to_store(&declared, ["editor", "admin", "editor"]).as_deref(), Ok("admin editor"));
        assert_eq!(to_store(&declared, []).as_deref(), Ok(""));
        for bad in ["owner", "", "admin editor", "Admin"] {
            assert!(to_store(&declared, ["admin", bad]).is_err(), "{bad:?}");
        }
    }
}
