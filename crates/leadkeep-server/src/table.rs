//! Files with comma-separated values, as spreadsheets write them, for imports.

use encoding_rs::Encoding;
use leadkeep_core::imports::ImportRows;
use std::io::Read;

/// The encodings of files: labels, and what people call them. UTF-8 and UTF-16 with a mark at the beginning are known by it.
pub const ENCODINGS: [(&str, &str); 6] = [
    ("utf-8", "UTF-8"),
    ("utf-16le", "UTF-16"),
    ("windows-1252", "Windows-1252"),
    ("shift_jis", "Shift_JIS"),
    ("euc-kr", "EUC-KR"),
    ("big5", "Big5"),
];
/// What cells may be divided by. The one that a header has most of is meant.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// What is put behind a file, to see whether its last cell has an end; no file has it.
const END: &str = "\n\u{1}";

/// Why a file cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Its text is not of the encoding: the first line that is not.
    #[error("line {0} is no text of this encoding")]
    Encoding(u64),
    /// A cell begins with a quote that has no end: the line.
    #[error("the quote that begins a cell in line {0} has no end")]
    Quote(u64),
    /// There is no row below the header.
    #[error("there is no row below the header")]
    Empty,
}

/// A column that is to have another name is not there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no column {name}; there are {there}")]
pub struct UnknownColumn {
    /// Its name.
    name: String,
    /// Those that there are.
    there: String,
}

/// A header and rows, comma-separated.
pub struct Table {
    /// The names of the columns.
    pub header: String,
    /// The rows.
    pub rows: ImportRows,
}

impl Table {
    /// Reads a file of an encoding of [`ENCODINGS`], by label; an unknown one is UTF-8. Cells are divided by commas,
    /// semicolons or tabs, whichever the header has most of.
    ///
    /// # Errors
    /// When the bytes are no text of the encoding, or there is no row.
    pub fn read(file: &[u8], label: &str) -> Result<Self, TableError> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        let (text, _, is_wrong) = encoding.decode(file);
        if is_wrong {
            let good = text.split('\u{FFFD}').next().unwrap_or_default();
            let line = good.matches('\n').count() + 1;
            return Err(TableError::Encoding(line.try_into().unwrap_or(u64::MAX)));
        }
        let first = text.lines().next().unwrap_or_default();
        let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
        // Of equals the last is the most; a comma counts before the others.
        let delimiter = DELIMITERS
            .iter()
            .rev()
            .max_by_key(|delimiter| count(delimiter));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter.copied().unwrap_or(b','))
            .from_reader(text.as_bytes().chain(END.as_bytes()));
        let (mut lines, mut last) = (Vec::new(), csv::StringRecord::new());
        // Text in memory can be read to its end: any sequence of characters is some record.
        for record in reader.records().map_while(Result::ok) {
            let mut out = Writer::new();
            out.line(record.iter());
            lines.push(out.text().trim_end_matches(['\r', '\n']).to_owned());
            last = record;
        }
        // The record that was put behind the others is one of its own, unless a cell goes on up to it.
        lines.pop();
        if last.iter().ne([END.trim_start()]) {
            let line = last.position().map_or(0, csv::Position::line);
            return Err(TableError::Quote(line));
        }
        let mut lines = lines.into_iter();
        let header = lines.next().unwrap_or_default();
        let rows: Vec<String> = lines.collect();
        if rows.is_empty() {
            return Err(TableError::Empty);
        }
        Ok(Self {
            header,
            rows: ImportRows::split(rows),
        })
    }

    /// Gives columns other names: pairs of a name in the header, without regard to case, and the new one.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn rename(&mut self, names: &[(String, String)]) -> Result<(), UnknownColumn> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(self.header.as_bytes());
        let titles = reader.records().map_while(Result::ok).next();
        let mut titles: Vec<String> = titles.iter().flatten().map(str::to_owned).collect();
        for (from, to) in names {
            let wanted = from.trim().to_lowercase();
            let found = titles
                .iter()
                .position(|title| title.trim().to_lowercase() == wanted);
            let Some(found) = found else {
                return Err(UnknownColumn {
                    name: from.clone(),
                    there: titles.join(", "),
                });
            };
            titles[found].clone_from(to);
        }
        let mut out = Writer::new();
        out.line(&titles);
        out.text()
            .trim_end_matches(['\r', '\n'])
            .clone_into(&mut self.header);
        Ok(())
    }
}

/// Writes comma-separated values.
pub struct Writer(csv::Writer<Vec<u8>>);

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// Without a line.
    pub fn new() -> Self {
        let mut writer = csv::WriterBuilder::new();
        Self(writer.flexible(true).from_writer(Vec::new()))
    }

    /// Writes a line.
    pub fn line(&mut self, cells: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        // Nothing fails in memory, and lines may have any number of cells.
        let _ = self.0.write_record(cells);
    }

    /// What was written.
    pub fn text(self) -> String {
        let bytes = self.0.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &[u8], label: &str) -> (String, ImportRows) {
        let table = Table::read(file, label).unwrap();
        (table.header, table.rows)
    }

    fn rows(rows: &[&str]) -> ImportRows {
        ImportRows::split(rows.iter().map(|row| (*row).to_owned()).collect())
    }

    #[test]
    fn files_of_spreadsheets_are_read_as_they_are() {
        let plain = (
            "Email,Name".to_owned(),
            rows(&["a@x.com,\"Lee, Bob\"", "b@x.com,"]),
        );
        assert_eq!(
            read(
                b"Email,Name\r\na@x.com,\"Lee, Bob\"\r\nb@x.com,\r\n",
                "utf-8"
            ),
            plain
        );
        assert_eq!(
            read(
                b"\xEF\xBB\xBFEmail;Name\na@x.com;Lee, Bob\nb@x.com;",
                "utf-8"
            ),
            plain
        );
        assert_eq!(
            read(b"Email\tName\na@x.com\tLee, Bob\nb@x.com\t", ""),
            plain
        );
        let jis = [b"Email,Name\na@x.com,".as_slice(), b"\x8ER\x93c", b"\n"].concat();
        let wide: Vec<u8> = "\u{feff}Email,Name\na@x.com,山田\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let yamada = ("Email,Name".to_owned(), rows(&["a@x.com,山田"]));
        assert_eq!(read(&jis, "shift_jis"), yamada);
        assert_eq!(read(&wide, "utf-8"), yamada, "the mark says what it is");
        let lines = read(b"Email,Note\na@x.com,\"one\ntwo\"\n", "utf-8");
        assert_eq!(lines.1, rows(&["a@x.com,\"one\ntwo\""]));
    }

    #[test]
    fn columns_get_other_names() {
        let file = b"Mail;\"Last, first\";Note\na@x.com;Lee;x";
        let mut table = Table::read(file, "utf-8").unwrap();
        let name = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let names = [name("mail", "Email"), name("Last, First", "Last Name")];
        table.rename(&names).unwrap();
        assert_eq!(table.header, "Email,Last Name,Note");
        let unknown = table.rename(&[name("Mail", "Email")]).unwrap_err();
        let text = "there is no column Mail; there are Email, Last Name, Note";
        assert_eq!(unknown.to_string(), text);
    }

    #[test]
    fn files_that_cannot_be_read_are_refused() {
        let wrong = |file: &[u8]| Table::read(file, "utf-8").err();
        assert_eq!(
            wrong(b"Email\na@x.com\n\xFF@x.com"),
            Some(TableError::Encoding(3))
        );
        let open = b"Email,Note\na@x.com,x\nb@x.com,\"Road 1\nc@x.com,y\n";
        assert_eq!(wrong(open), Some(TableError::Quote(3)));
        assert_eq!(wrong(b"\"Email\na@x.com"), Some(TableError::Quote(1)));
        assert_eq!(wrong(b"Email\n"), Some(TableError::Empty));
        assert_eq!(wrong(b""), Some(TableError::Empty));
    }
}
