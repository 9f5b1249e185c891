//! Variables that describe a service to its neighbours. Kubernetes sets them in every pod of a namespace.
//!
//! For a service `NAME` these are `NAME_SERVICE_HOST`, `NAME_SERVICE_PORT`, `NAME_SERVICE_PORT_` with the name of a
//! port, and `NAME_PORT`. There is also `NAME_PORT_5432_TCP`, alone or with `_PROTO`, `_PORT` or `_ADDR` after it. See
//! "Service", environment variables, in the Kubernetes documentation. A service `doorward` or `doorward-db` has names
//! that begin as ours do.

/// Returns `true` if a variable that is `DOORWARD_` and `rest` has the form of a service link.
pub(super) fn is_one(rest: &str, value: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if !rest.bytes().all(fits) {
        return false;
    }
    // The name of the service is the part before: nothing for the service `doorward` itself.
    let links = rest.match_indices("SERVICE_").chain(rest.match_indices("PORT"));
    links.filter(|(at, _)| *at == 0 || rest[..*at].ends_with('_')).any(|(at, _)| is_link(&rest[at..], value))
}

/// Returns `true` if a name without its service is that of a link.
fn is_link(link: &str, value: &str) -> bool {
    match link {
        "SERVICE_HOST" | "SERVICE_PORT" => true,
        // A person may mean the port to listen on. The link is a URL.
        "PORT" => ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme)),
        _ => link.strip_prefix("SERVICE_PORT_").is_some_and(|port| !port.is_empty()) || is_of_a_port(link),
    }
}

/// Returns `true` for a name such as `PORT_5432_TCP_ADDR`.
fn is_of_a_port(link: &str) -> bool {
    let mut parts = link.split('_');
    let is_number = |part: &str| part.parse::<u16>().is_ok();
    parts.next() == Some("PORT")
        && parts.next().is_some_and(is_number)
        && matches!(parts.next(), Some("TCP" | "UDP" | "SCTP"))
        && matches!(parts.next(), None | Some("PROTO" | "PORT" | "ADDR"))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variables of the Kubernetes documentation ("Service", environment variables) for a service `redis-primary`,
    /// and those of named ports.
    #[test]
    fn every_link_to_a_service_whose_name_begins_like_ours_is_one() {
        for service in
            ["", "DB_", "POSTGRESQL_", "REDIS_PRIMARY_", "SERVICE_", "PORT_", "A_SERVICE_PORT_", "7_"]
        {
            for (link, value) in [
                ("SERVICE_HOST", "10.0.0.11"),
                ("SERVICE_PORT", "6379"),
                ("SERVICE_PORT_HTTP", "80"),
                ("SERVICE_PORT_TCP_POSTGRESQL", "5432"),
                ("PORT", "tcp://10.0.0.11:6379"),
                ("PORT", "udp://[fd00::b]:53"),
                ("PORT_6379_TCP", "tcp://10.0.0.11:6379"),
                ("PORT_6379_TCP_PROTO", "tcp"),
                ("PORT_6379_TCP_PORT", "6379"),
                ("PORT_6379_TCP_ADDR", "10.0.0.11"),
                ("PORT_53_UDP", "udp://10.0.0.11:53"),
                ("PORT_9_SCTP_ADDR", "fd00::b"),
            ] {
                assert!(is_one(&format!("{service}{link}"), value), "{service}{link}={value}");
            }
        }
    }

    #[test]
    fn a_misspelt_setting_is_none() {
        for (rest, value) in [
            ("", ""),
            ("LISTN", "tcp://10.0.0.1:80"),
            ("PORT", "8000"),
            ("LISTEN_PORT", "8000"),
            ("REPORT", "tcp://10.0.0.1:80"),
            ("SERVICE_NAM", "x"),
            ("DISSERVICE_HOST", "10.0.0.1"),
            ("SERVICE_HOSTS", "10.0.0.1"),
            ("DB_SERVICE_PORT_", "1"),
            ("DB_PORT_99999_TCP", "tcp://10.0.0.1:80"),
            ("DB_PORT_5432_HTTP", "x"),
            ("DB_PORT_5432_TCP_NAME", "x"),
            ("DB_PORT_5432", "x"),
            ("db_SERVICE_HOST", "10.0.0.1"),
        ] {
            assert!(!is_one(rest, value), "{rest}={value}");
        }
    }
}
