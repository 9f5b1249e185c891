//! The errors of the TOML parser in plain words.

use std::ops::Range;

/// The beginnings of its messages, and the words for them.
const WORDS: &[(&str, &str)] = &[
    ("duplicate key", "the same name is set twice"),
    ("string values must be quoted", "expected a value; a text needs quotation marks, as in \"text\""),
    ("missing opening quote", "expected a quotation mark before the text"),
    ("invalid basic string", "expected a quotation mark at the end of the text"),
    ("invalid literal string", "expected a ' at the end of the text"),
    ("invalid multi-line basic string", "expected \"\"\" at the end of the text"),
    ("invalid multi-line literal string", "expected ''' at the end of the text"),
    ("missing escaped value", "write \\\\ for a backslash in a text"),
    ("invalid escape", "write \\\\ for a backslash in a text"),
    ("too few unicode", "expected more digits after \\u"),
    ("invalid value", "expected a character after \\u"),
    ("missing value for key", "expected = and a value after the name"),
    ("key with no value", "expected = and a value after the name"),
    ("missing value", "expected a value after the ="),
    ("extra `=`", "expected one = and not two"),
    ("unclosed array table", "expected ] after the name of the table"),
    ("unclosed table", "expected ] after the name of the table"),
    ("missing table open", "expected [ before the name of the table"),
    ("unclosed array", "expected ] at the end of the list"),
    ("missing array opening", "expected [ before the list"),
    ("extra comma in array", "expected one comma and not two"),
    ("unexpected `=` in array", "expected a value; a list has no names"),
    ("missing comma between array elements", "expected a comma between two values of the list"),
    ("unclosed inline table", "expected } at the end of the table"),
    ("missing inline table opening", "expected { before the table"),
    ("extra comma in inline table", "expected one comma and not two"),
    ("missing comma between key-value pairs", "expected a comma between two settings of the table"),
    ("extra assignment", "expected one = and not two"),
    ("missing assignment", "expected = and a value after the name"),
    ("missing key for inline table", "expected a name before the ="),
    ("invalid inline table element", "expected a name, = and a value"),
    ("unexpected key or value", "expected the end of the line; each setting has a line of its own"),
    ("unexpected content", "expected the end of the line; each setting has a line of its own"),
    ("unquoted keys cannot be empty", "expected a name"),
    ("invalid unquoted key", "expected a name of letters, digits, - and _"),
    ("keys cannot be multi-line", "expected a name in one line"),
    ("invalid key", "expected a name, = and a value"),
    ("invalid table", "expected the name of a table"),
    ("cannot extend value", "this name has a value, so it is no table"),
    ("carriage return", "expected a line end of LF or CR LF"),
    ("invalid comment character", "expected no control character in a comment"),
    ("invalid boolean", "expected true or false, or a text in quotation marks"),
    ("invalid float", "expected a whole number, or a text in quotation marks"),
    ("invalid date-time", "expected a whole number, or a text in quotation marks"),
    ("`_` may only go between digits", "expected a whole number"),
    ("unexpected leading zero", "expected a number without a zero before it"),
    ("cannot recurse further", "expected fewer lists within lists"),
    ("recursion limit", "expected fewer tables within tables"),
];

/// Returns a message of the parser in plain words.
pub(super) fn plain(message: &str) -> &'static str {
    let known = WORDS.iter().find(|(beginning, _)| message.starts_with(beginning)).map(|(_, words)| *words);
    known.unwrap_or(match message.contains("number") || message.contains("integer") {
        true => "expected a whole number",
        false => "expected a name, = and a value",
    })
}

/// Returns where an error begins. The parser may blame the end of a text or the line end after it.
pub(super) fn beginning(text: &str, span: &Range<usize>) -> usize {
    let mut at = span.start.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
