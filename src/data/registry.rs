//! Data sets that are looked up by name: the real ones, which the page fetches when they are first needed, and a
//! user's own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::csv::{self, CsvOptions};
use super::dataset::{Dataset, Task};
use super::toy::TOYS;
use crate::error::Error;

/// A real data set that comes with the page as a file.
#[derive(Debug, Clone, Copy)]
pub struct RealSet {
    /// The name that a config uses.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// The file, from the root of the site.
    pub file: &'static str,
    /// Number of rows.
    pub rows: usize,
    /// Number of inputs.
    pub inputs: usize,
    /// What is learned.
    pub task: Task,
    /// What it is, in a sentence.
    pub about: &'static str,
}

/// The data sets that come with the page. Origins and licences: `www/data/README.md`.
pub const REAL: &[RealSet] = &[
    RealSet {
        name: "iris",
        title: "Iris",
        file: "www/data/iris.csv",
        rows: 150,
        inputs: 4,
        task: Task::Classification,
        about: "Three species of iris from the lengths and widths of sepals and petals (Fisher 1936).",
    },
    RealSet {
        name: "wine",
        title: "Wine",
        file: "www/data/wine.csv",
        rows: 178,
        inputs: 13,
        task: Task::Classification,
        about: "Three cultivars of grape from a chemical analysis of the wine.",
    },
    RealSet {
        name: "breast_cancer",
        title: "Breast cancer",
        file: "www/data/breast_cancer.csv",
        rows: 569,
        inputs: 30,
        task: Task::Classification,
        about: "Benign or malignant, from the shapes of cell nuclei under the microscope (Wolberg and others 1995).",
    },
    RealSet {
        name: "digits",
        title: "Digits",
        file: "www/data/digits.csv",
        rows: 1797,
        inputs: 64,
        task: Task::Classification,
        about: "Handwritten digits, 8 × 8 pixels of grey from 0 to 16.",
    },
    RealSet {
        name: "diabetes",
        title: "Diabetes",
        file: "www/data/diabetes.csv",
        rows: 442,
        inputs: 10,
        task: Task::Regression,
        about: "Progression of diabetes after a year, from age, sex, body mass, blood pressure and six blood values.",
    },
];

/// Longest name.
const MAX_NAME: usize = 64;

thread_local! {
    static REGISTERED: RefCell<BTreeMap<String, Rc<Dataset>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Reads `csv` and keeps it under `name`, in place of what was there; `target` is the column to predict, the last by
/// default.
///
/// # Errors
/// At `name`, if it is not 1 to 64 of a–z, 0–9, `_` and `-`, or belongs to a generated data set; otherwise those of
/// [`csv::parse`]. What was there then stays.
pub fn register(name: &str, csv: &str, target: Option<&str>) -> Result<(), Error> {
    check_name(name)?;
    let options = CsvOptions {
        target: target.map(str::to_owned),
        task: None,
    };
    let mut dataset = csv::parse(csv, &options)?;
    name.clone_into(&mut dataset.name);
    REGISTERED.with_borrow_mut(|sets| sets.insert(name.to_owned(), Rc::new(dataset)));
    Ok(())
}

/// The data set that was registered under `name`.
pub fn get(name: &str) -> Option<Rc<Dataset>> {
    REGISTERED.with_borrow(|sets| sets.get(name).cloned())
}

/// What people call the data set of this name; a user's own is called by the name it was given.
pub fn title(name: &str) -> &str {
    let toys = TOYS.iter().map(|toy| (toy.name, toy.title));
    let real = REAL.iter().map(|set| (set.name, set.title));
    toys.chain(real)
        .find_map(|(known, title)| (known == name).then_some(title))
        .unwrap_or(name)
}

fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(allowed) {
        let name = crate::value::Value::text(name);
        let message = format!("{name} is not 1 to {MAX_NAME} characters of a–z, 0–9, _ and -");
        return Err(Error::new("name", message));
    }
    if TOYS.iter().any(|toy| toy.name == name) {
        return Err(Error::new(
            "name",
            format!("\"{name}\" is a generated data set; choose another name"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn the_real_sets_are_what_they_are_said_to_be() {
        for set in REAL {
            let path = format!("{}/{}", env!("CARGO_MANIFEST_DIR"), set.file);
            let text = std::fs::read_to_string(path).unwrap();
            register(set.name, &text, None).unwrap();
            let data = get(set.name).unwrap();
            assert_eq!(data.name, set.name);
            assert_eq!(
                (data.rows(), data.features.len()),
                (set.rows, set.inputs),
                "{}",
                set.name
            );
            assert_eq!(data.task(), set.task, "{}", set.name);
        }
        let classes = |name| {
            let data = get(name).unwrap();
            let labels = data.labels().unwrap_or_default();
            (0..data.outputs() as u32)
                .map(|c| labels.iter().filter(|l| **l == c).count())
                .collect::<Vec<_>>()
        };
        assert_eq!(classes("iris"), [50, 50, 50]);
        assert_eq!(classes("wine"), [59, 71, 48]);
        assert_eq!(classes("breast_cancer"), [357, 212]);
        assert_eq!(
            classes("digits"),
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        );
        assert_eq!(get("diabetes").unwrap().outputs(), 1);
    }

    #[test]
    fn a_users_own_set() {
        assert_eq!(get("mine"), None);
        register("mine", "a,b\n1,2.5\n3,4\n", Some("a")).unwrap();
        let before = get("mine").unwrap();
        assert_eq!((before.target.as_str(), before.rows()), ("a", 2));
        register("mine", "a,b\n1\n", None).unwrap_err();
        assert_eq!(
            get("mine").unwrap(),
            before,
            "a failure leaves what was there"
        );
        register("mine", "c,d\n1,2\n", None).unwrap();
        assert_eq!(get("mine").unwrap().target, "d");
    }

    #[test]
    fn names_are_checked() {
        for name in ["", "Mine", "a b", "ä", &"a".repeat(65)] {
            let error = register(name, "a,b\n1,2", None).unwrap_err();
            assert!(
                error
                    .to_string()
                    .ends_with("is not 1 to 64 characters of a–z, 0–9, _ and -"),
                "{error}"
            );
        }
        let error = register("xor", "a,b\n1,2", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "name: \"xor\" is a generated data set; choose another name"
        );
        register(&"a".repeat(64), "a,b\n1,2", None).unwrap();
    }
}
