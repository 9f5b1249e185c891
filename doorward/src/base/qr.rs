//! QR codes as SVG, small enough to stand in a page. The code itself is the work of the crate `fast_qr`.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// The empty modules around a code.
const MARGIN: usize = 4;

/// Draws a text. `None` if it is too long. The drawing is black on white in a dark page too, because many cameras read no
/// other.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|x| code[y][*x].value()).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += run.max(1);
        }
    }
    let side = code.size + 2 * MARGIN;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"240\" height=\"240\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\"><rect width=\"{side}\" height=\"{side}\" \
         fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_small_and_without_style() {
        let uri =
            format!("otpauth://totp/Service:ann%40example%2Eorg?secret={}&issuer=Service", "A".repeat(32));
        let drawn = svg(&uri).unwrap();
        assert!(drawn.len() < 16_000, "{}", drawn.len());
        assert!(!drawn.contains("style") && !drawn.contains("data:") && !drawn.contains("script"));
        // The first finder pattern: seven dark modules, behind the margin.
        assert!(drawn.contains("d=\"M4 4h7v1h-7z"), "{drawn}");
        assert!(svg(&"a".repeat(5000)).is_none());
    }
}
