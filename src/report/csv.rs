//! Tables for spreadsheets.

use crate::screen::escape;

/// A table as CSV (RFC 4180). A name of a file may hold what drives a terminal, so every field is
/// escaped; or what a spreadsheet would take for a formula, so that is made plain text.
pub(super) fn render(table: &[Vec<String>]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for fields in table {
        writer.write_record(fields.iter().map(|field| plain(escape(field))))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Signs that begin a formula, also as East Asian keyboards write them.
const FORMULA: &str = "=+-@＝＋－＠";

/// A field that no spreadsheet calculates: what could be a formula and is no number stands behind
/// an apostrophe. Tabs and line ends, which count too, are written out already.
fn plain(field: String) -> String {
    let is_number = || field.parse::<f64>().is_ok_and(f64::is_finite);
    match field.trim_start().starts_with(|first| FORMULA.contains(first)) && !is_number() {
        true => format!("'{field}"),
        false => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, expected: &str) {
        assert_eq!(render(&[vec![field.to_owned()]]).unwrap(), format!("{expected}\n"));
    }

    #[test]
    fn a_formula_is_made_text_and_a_number_stays_one() {
        check("=1+1", "'=1+1");
        check("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"");
        check("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
        check("-s.py", "'-s.py");
        check("@SUM(A1)", "'@SUM(A1)");
        check(" =1", "' =1");
        check("＝1", "'＝1");
        check("\t=1", "\\t=1");
        check("\r=1", "\\u{d}=1");
        check("-inf", "'-inf");
        for same in ["-1", "+1.5", "-2e-7", "12", "a=1", "context-leak", "true"] {
            check(same, same);
        }
    }
}
