//! Do the arrows of `src/` point the way `docs/ARCHITECTURE.md` draws them?
//!
//! The floor table is read from the document and the imports from the sources, so a breach is fixed by moving code down or
//! by changing the drawing where people see it, never here.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What the core must not name: JavaScript, the clock, the machine. (`target_arch` would make two cores out of one.)
const FORBIDDEN: [&str; 12] = [
    "wasm_bindgen",
    "js_sys",
    "web_sys",
    "target_arch",
    "target_family",
    "SystemTime",
    "Instant",
    "unsafe",
    "mul_add",
    "println",
    "eprintln",
    "dbg",
];
/// Parts of `std` that reach out of the core.
const FORBIDDEN_STD: [&str; 6] = ["env", "fs", "net", "process", "thread", "time"];
/// Methods of `f64` whose last bits differ from machine to machine; `libm` has the same ones with the same bits everywhere.
const INEXACT: [&str; 22] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "sin", "cos", "tan", "asin",
    "acos", "atan", "atan2", "sinh", "cosh", "tanh", "cbrt", "hypot",
];

/// A path named in a file, written from the crate's root, and the line it stands on.
#[derive(Debug)]
struct Named {
    path: Vec<String>,
    line: usize,
}

/// One source file: where it stands in the module tree and what it names.
#[derive(Debug)]
struct Source {
    file: String,
    named: Vec<Named>,
    breaches: Vec<String>,
}

/// `read/csv.rs` → `[read, csv]`; `read/mod.rs` → `[read]`; `lib.rs` → `[]`.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let mut parts: Vec<String> = stem.split('/').map(String::from).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

impl Source {
    fn read(file: &str, text: &str) -> Source {
        let mut source = Source { file: file.to_string(), named: Vec::new(), breaches: Vec::new() };
        match text.parse::<TokenStream>() {
            Ok(tokens) => source.walk(tokens, &module_of(file)),
            Err(error) => source.breaches.push(format!("src/{file}: cannot be read as Rust: {error}")),
        }
        source
    }

    /// Walks the tokens of the module `here`. Comments are no tokens; text in quotes is one; so neither can be mistaken.
    fn walk(&mut self, tokens: TokenStream, here: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if is_test_attribute(&tokens[at..]) {
                at = end_of_item(&tokens, at + 2);
                continue;
            }
            match &tokens[at] {
                TokenTree::Ident(word) => {
                    let line = word.span().start().line;
                    let word = word.to_string();
                    if word == "mod"
                        && let Some(TokenTree::Ident(name)) = tokens.get(at + 1)
                        && let Some(TokenTree::Group(body)) = tokens.get(at + 2)
                    {
                        let inner: Vec<String> = here.iter().cloned().chain([name.to_string()]).collect();
                        self.walk(body.stream(), &inner);
                        at += 3;
                        continue;
                    }
                    self.check_word(&word, &tokens, at, line);
                    let inside_path = at > 0 && is_punct(&tokens[at - 1], ':');
                    let visibility = at == 1 && matches!(&tokens[0], TokenTree::Ident(word) if *word == "in");
                    let base = match word.as_str() {
                        _ if inside_path || visibility => None,
                        "crate" => Some(Vec::new()),
                        "self" => Some(here.to_vec()),
                        "super" => Some(here[..here.len().saturating_sub(1)].to_vec()),
                        _ => None,
                    };
                    // `self` and `super` are also words of `pub(super)` and `&self`: a path goes on with `::`.
                    if let Some(base) = base
                        && is_double_colon(&tokens, at + 1)
                    {
                        self.tree(&tokens, at + 3, base, line);
                    }
                    at += 1;
                }
                TokenTree::Group(group) => {
                    self.walk(group.stream(), here);
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Follows a path (or, in an import, a tree of paths) from `base` on and notes every end.
    fn tree(&mut self, tokens: &[TokenTree], mut at: usize, base: Vec<String>, line: usize) {
        let mut path = base;
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(word)) if *word == "super" => drop(path.pop()),
                Some(TokenTree::Ident(word)) => path.push(word.to_string()),
                Some(TokenTree::Punct(star)) if star.as_char() == '*' => path.push("*".into()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for part in inner.split(|token| is_punct(token, ',')) {
                        if matches!(part.first(), Some(TokenTree::Ident(word)) if *word == "self") {
                            self.named.push(Named { path: path.clone(), line });
                        } else if !part.is_empty() {
                            self.tree(part, 0, path.clone(), line);
                        }
                    }
                    return;
                }
                _ => break, // a turbofish: `crate::job::run::<T>`
            }
            if !is_double_colon(tokens, at + 1) {
                break;
            }
            at += 3;
        }
        self.named.push(Named { path, line });
    }

    fn check_word(&mut self, word: &str, tokens: &[TokenTree], at: usize, line: usize) {
        let file = &self.file;
        let after = |mark: char| at > 0 && is_punct(&tokens[at - 1], mark);
        if FORBIDDEN.contains(&word) {
            self.breaches.push(format!("src/{file}:{line}: the core must not name `{word}`"));
        }
        if word == "std"
            && is_double_colon(tokens, at + 1)
            && let Some(TokenTree::Ident(part)) = tokens.get(at + 3)
            && FORBIDDEN_STD.contains(&part.to_string().as_str())
        {
            self.breaches.push(format!("src/{file}:{line}: the core must not reach for `std::{part}`"));
        }
        if after('.') && INEXACT.contains(&word) && matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) {
            self.breaches.push(format!("src/{file}:{line}: `.{word}()` differs between machines; take libm's"));
        }
    }
}

fn is_punct(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn is_double_colon(tokens: &[TokenTree], at: usize) -> bool {
    tokens.len() > at + 1 && is_punct(&tokens[at], ':') && is_punct(&tokens[at + 1], ':')
}

/// Do these tokens begin with `#[cfg(test)]` or `#[test]`?
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [mark, TokenTree::Group(group), ..] = tokens else { return false };
    let text: String = group.stream().to_string().split_whitespace().collect();
    is_punct(mark, '#') && matches!(text.as_str(), "cfg(test)" | "test")
}

/// Where the item that follows an attribute ends: after its `{…}` or its `;`.
fn end_of_item(tokens: &[TokenTree], mut at: usize) -> usize {
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return at + 1,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The rooms of the floor table and their floors. Rows look like `| segment/rules | 3 | … |`.
fn floors(document: &str) -> BTreeMap<String, usize> {
    let cells = document.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    cells.filter_map(|row| Some((row.get(1)?.to_string(), row.get(2)?.parse().ok()?))).collect()
}

/// The room of a file: the longest name in the table that its path begins with.
fn room_of<'a>(file: &str, floors: &'a BTreeMap<String, usize>) -> Option<&'a str> {
    let inside = |room: &&String| file == format!("{room}.rs") || file.starts_with(&format!("{room}/"));
    floors.keys().filter(inside).max_by_key(|room| room.len()).map(String::as_str)
}

/// Every breach of the house's rules in these files (paths below `src/`, texts), as sentences.
fn breaches(document: &str, files: &[(String, String)]) -> Vec<String> {
    let floors = floors(document);
    // Only `tests.rs` beside its module is a test as a whole.
    let files: Vec<_> = files.iter().filter(|(file, _)| !file.ends_with("/tests.rs")).collect();
    let by_module: BTreeMap<Vec<String>, &str> =
        files.iter().map(|(file, _)| (module_of(file), file.as_str())).collect();
    let mut found = Vec::new();
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for room in
        floors.keys().filter(|room| !files.iter().any(|(file, _)| room_of(file, &floors) == Some(room.as_str())))
    {
        found.push(format!("docs/ARCHITECTURE.md: the room `{room}` has no file in src/"));
    }
    for (file, text) in &files {
        let source = Source::read(file, text);
        found.extend(source.breaches);
        if file == "lib.rs" {
            continue; // the facade: names everything, is named by nobody
        }
        let Some(room) = room_of(file, &floors) else {
            found.push(format!("src/{file}: its room is missing from the floor table of docs/ARCHITECTURE.md"));
            continue;
        };
        for Named { path, line } in &source.named {
            let at = format!("src/{file}:{line}");
            let target = (0..=path.len()).rev().find_map(|n| by_module.get(&path[..n]).copied()).unwrap_or("lib.rs");
            let written = path.join("::");
            if target == *file {
                continue;
            }
            if target.ends_with("mod.rs") || target == "lib.rs" {
                // A facade may gather what lies in its own folder; nobody may take from it.
                let what = if path.last().is_some_and(|last| last == "*") { "everything of" } else { "from" };
                found.push(format!(
                    "{at}: imports {what} the facade src/{target} (`{written}`); name the file that defines it"
                ));
                continue;
            }
            arrows.entry(file.as_str()).or_default().insert(target);
            let Some(other) = room_of(target, &floors) else { continue };
            let (from, to) = (floors[room], floors[other]);
            if other != room && to >= from {
                let way = if to > from { "up" } else { "sideways" };
                found.push(format!("{at}: an arrow {way}, from {room} (floor {from}) to {other} (floor {to})"));
            }
        }
    }
    found.extend(circles(&arrows));
    found
}

/// Circles between files, each told once, from its first file in the alphabet.
fn circles(arrows: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<String> {
    let reachable = |from: &str| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = arrows.get(from).into_iter().flatten().copied().collect();
        while let Some(file) = open.pop() {
            if seen.insert(file) {
                open.extend(arrows.get(file).into_iter().flatten());
            }
        }
        seen
    };
    let all: BTreeMap<&str, BTreeSet<&str>> = arrows.keys().map(|file| (*file, reachable(file))).collect();
    let circle_of = |file: &str| -> Vec<&str> {
        let back = |other: &&str| all.get(other).is_some_and(|reach| reach.contains(file));
        all[file].iter().copied().filter(back).collect()
    };
    let rings: BTreeSet<Vec<&str>> = all.keys().map(|file| circle_of(file)).filter(|ring| !ring.is_empty()).collect();
    rings.iter().map(|ring| format!("a circle between files: {}", ring.join(" ⇄ "))).collect()
}

fn rust_files(folder: &Path, below: &str, into: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            rust_files(&path, &format!("{name}/"), into);
        } else if name.ends_with(".rs") {
            into.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_arrow_points_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/ARCHITECTURE.md")).unwrap();
    let mut files = Vec::new();
    rust_files(&root.join("src"), "", &mut files);
    assert!(floors(&document).len() >= 10 && files.len() >= 15, "the table or the sources were not found");
    let found = breaches(&document, &files);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// The checker itself: a house of three floors, into which one breach at a time is planted.
mod planted {
    use super::breaches;

    const TABLE: &str = "| room | floor | question |\n|---|---|---|\n| error | 0 | ? |\n| math | 0 | ? |\n\
        | table | 1 | ? |\n| segment/rules | 2 | ? |\n| segment/cluster | 2 | ? |\n| segment | 3 | ? |\n";

    /// What the checker says about the sound house with `text` put at `file`.
    fn with(file: &str, text: &str) -> Vec<String> {
        let house = [
            ("lib.rs", "#![forbid(unsafe_code)] pub mod error; pub mod math; pub mod table; pub mod segment;"),
            ("error.rs", "pub struct Error;"),
            ("math/mod.rs", "pub mod stats;"),
            ("math/stats.rs", "pub fn mean() {}"),
            ("table/mod.rs", "pub mod table; pub mod column; pub use table::Table;"),
            ("table/table.rs", "use crate::{error::Error, table::column::{self, Column}}; pub struct Table;"),
            ("table/column.rs", "use crate::error::Error; pub struct Column;"),
            ("segment/mod.rs", "pub mod rules; pub mod cluster; pub mod grouping;"),
            ("segment/grouping.rs", "use crate::segment::rules::tree::Rule; pub struct Grouping;"),
            ("segment/rules/mod.rs", "pub mod tree;"),
            ("segment/rules/tree.rs", "use crate::table::table::Table; pub struct Rule;"),
            ("segment/cluster/mod.rs", "pub mod kmeans;"),
            ("segment/cluster/kmeans.rs", "use crate::math::stats; pub fn fit(a: &[f64]) -> f64 { a[0].sqrt() }"),
        ];
        let mut files: Vec<(String, String)> = house.map(|(name, text)| (name.into(), text.into())).into();
        files.retain(|(name, _)| name != file);
        files.push((file.into(), text.into()));
        breaches(TABLE, &files)
    }

    #[track_caller]
    fn caught(file: &str, text: &str, words: &str) {
        let found = with(file, text);
        assert!(found.iter().any(|breach| breach.contains(words)), "wanted “{words}”, found {found:?}");
    }

    #[test]
    fn the_sound_house_passes() {
        assert_eq!(with("error.rs", "pub struct Error;"), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_up_is_caught_in_every_spelling() {
        caught(
            "table/column.rs",
            "use crate::segment::grouping::Grouping;",
            "up, from table (floor 1) to segment (floor 3)",
        );
        caught("table/column.rs", "use crate::{error::Error, segment::{rules::{tree::Rule}}};", "up, from table");
        caught("table/column.rs", "fn f() { let x = crate::segment::grouping::Grouping; }", "up, from table");
        caught("table/column.rs", "fn f() { format!(\"{}\", crate::segment::grouping::name()) }", "up, from table");
        caught("table/column.rs", "use super::super::segment::grouping::Grouping;", "up, from table");
        caught("segment/rules/tree.rs", "use crate::segment::grouping::Grouping;", "up, from segment/rules");
        caught("error.rs", "use crate::table::column::Column;", "up, from error");
    }

    #[test]
    fn an_arrow_sideways_is_caught() {
        caught("segment/cluster/kmeans.rs", "use crate::segment::rules::tree::Rule;", "sideways, from segment/cluster");
        caught("math/stats.rs", "use crate::error::Error;", "sideways, from math");
    }

    #[test]
    fn a_facade_import_is_caught() {
        caught("segment/rules/tree.rs", "use crate::table::Table;", "facade src/table/mod.rs");
        caught("segment/rules/tree.rs", "use crate::table;", "facade src/table/mod.rs");
        caught("table/column.rs", "use super::*;", "everything of the facade src/table/mod.rs");
        caught("table/column.rs", "use super::Table;", "facade src/table/mod.rs");
        caught("table/column.rs", "use crate::Anything;", "facade src/lib.rs");
        caught("table/column.rs", "use crate::*;", "facade src/lib.rs");
    }

    #[test]
    fn a_circle_between_files_is_caught() {
        caught("table/column.rs", "use crate::table::table::Table;", "table/column.rs ⇄ table/table.rs");
        caught("table/column.rs", "use super::table::Table;", "table/column.rs ⇄ table/table.rs");
    }

    #[test]
    fn a_room_without_a_row_and_a_row_without_a_room_are_caught() {
        caught("export/csv.rs", "", "src/export/csv.rs: its room is missing");
        let empty = breaches("| ghost | 4 | ? |", &[]);
        assert!(empty.iter().any(|breach| breach.contains("`ghost` has no file")), "{empty:?}");
    }

    #[test]
    fn what_the_core_must_not_name_is_caught() {
        caught("math/stats.rs", "use wasm_bindgen::prelude::*;", "`wasm_bindgen`");
        caught("math/stats.rs", "#[cfg(target_arch = \"wasm32\")] fn f() {}", "`target_arch`");
        caught("math/stats.rs", "fn f() { std::time::Instant::now(); }", "`Instant`");
        caught("math/stats.rs", "use std::fs::File;", "`std::fs`");
        caught("math/stats.rs", "fn f(x: f64) -> f64 { x.powf(2.0) }", "`.powf()`");
        caught("math/stats.rs", "fn f(x: f64) -> f64 { x.mul_add(x, x) }", "`mul_add`");
    }

    #[test]
    fn tests_comments_and_texts_are_not_arrows() {
        let text = "pub(in crate::table) fn f() {} pub(crate) fn g(x: Vec<crate::error::Error>) {}\n// use crate::segment::grouping::Grouping;\n/// [`crate::segment::grouping::Grouping`]\npub struct Column;\n\
            const A: &str = \"crate::segment::grouping::Grouping\";\n#[cfg(test)] use crate::segment::grouping::Grouping;\n\
            #[cfg(test)]\nmod tests { use super::*; use crate::segment::grouping::Grouping; }\n";
        assert_eq!(with("table/column.rs", text), Vec::<String>::new());
    }

    #[test]
    fn an_inner_module_may_name_its_own_file() {
        assert_eq!(
            with("table/column.rs", "struct A; mod inner { use super::A; use super::*; }"),
            Vec::<String>::new()
        );
    }
}
