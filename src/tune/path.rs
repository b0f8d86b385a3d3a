//! Paths of the config, such as `optimizer.lr` or `problem.layers[0]`.

use crate::error::Error;
use crate::value::Value;

/// Puts `value` where `path` points in `document`; objects on the way are made where there are none.
///
/// # Errors
/// At the empty path: the path has a part that is no key and no index, or leads through a value that has no such
/// parts. Whether the config knows the path is for the config to say.
pub fn set(document: &mut Value, path: &str, value: Value) -> Result<(), Error> {
    let mut place = document;
    for step in steps(path)? {
        place = match step {
            Step::Key(key) => field(place, key)?,
            Step::Index(index) => entry(place, index)?,
        };
    }
    *place = value;
    Ok(())
}

/// How many parts a path has.
///
/// # Errors
/// At the empty path: it has a part that is no key and no index.
pub fn depth(path: &str) -> Result<usize, Error> {
    steps(path).map(|steps| steps.len())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

fn steps(path: &str) -> Result<Vec<Step<'_>>, Error> {
    let malformed = || {
        let path = Value::text(path);
        let what =
            format!("{path} is no path of the config, such as optimizer.lr or problem.layers[0]");
        Error::new("", what)
    };
    let mut steps = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        let key = pieces.next().unwrap_or_default();
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if key.is_empty() || !key.chars().all(word) {
            return Err(malformed());
        }
        steps.push(Step::Key(key));
        for piece in pieces {
            let index = piece
                .strip_suffix(']')
                .and_then(|digits| digits.parse().ok());
            steps.push(Step::Index(index.ok_or_else(malformed)?));
        }
    }
    Ok(steps)
}

fn field<'a>(place: &'a mut Value, key: &str) -> Result<&'a mut Value, Error> {
    if *place == Value::Null {
        *place = Value::Map(Vec::new());
    }
    let Value::Map(pairs) = place else {
        let what = format!("{place} stands there in the base, and has no field \"{key}\"");
        return Err(Error::new("", what));
    };
    let at = pairs.iter().position(|(known, _)| known == key);
    let at = at.unwrap_or_else(|| {
        pairs.push((key.to_owned(), Value::Null));
        pairs.len() - 1
    });
    Ok(&mut pairs[at].1)
}

fn entry(place: &mut Value, index: usize) -> Result<&mut Value, Error> {
    let what = match &*place {
        Value::List(items) if index < items.len() => None,
        Value::List(items) => Some(format!("an array of {} stands there", items.len())),
        Value::Null => Some("nothing stands there".to_owned()),
        other => Some(format!("{other} stands there")),
    };
    match (place, what) {
        (Value::List(items), None) => Ok(&mut items[index]),
        (_, what) => {
            let what = what.unwrap_or_default();
            Err(Error::new(
                "",
                format!("{what} in the base, and has no entry {index}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_there() {
        let mut document = Value::map([("a", Value::from(vec![1.0, 2.0]))]);
        set(&mut document, "a[1]", Value::from(5.0)).unwrap();
        set(&mut document, "b.c", Value::from("x")).unwrap();
        let expected = Value::map([
            ("a", Value::from(vec![1.0, 5.0])),
            ("b", Value::map([("c", Value::from("x"))])),
        ]);
        assert_eq!(document, expected);
    }

    #[test]
    fn wrong_paths_are_refused() {
        let mut document = Value::map([("a", Value::from(vec![1.0])), ("b", Value::from(true))]);
        for path in [
            "", ".", "a.", "a[", "a[x]", "a[1]", "a[0].c", "b.c", "c[0]", "a b",
        ] {
            assert!(set(&mut document, path, Value::Null).is_err(), "{path}");
        }
    }
}
