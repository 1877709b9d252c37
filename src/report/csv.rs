//! Tables for spreadsheets.

use crate::screen::escape;

/// A table as CSV (RFC 4180). A name of a file may hold what drives a terminal, so every field is
/// escaped.
pub(super) fn render(table: &[Vec<String>]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for fields in table {
        writer.write_record(fields.iter().map(|field| escape(field)))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
