//! From JavaScript's values to ours. A caller may pass anything: a cycle, a getter that throws, an array of four
//! billion holes. Each is answered by an [`Error`] with its path.
//!
//! Objects are looked at through functions that catch. An exception that passed through a method of `Session` would
//! leave it borrowed for ever.

use js_sys::{Array, ArrayBuffer, Float64Array, JsString, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::value::Value;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn get(object: &JsValue, key: &JsValue) -> Result<JsValue, JsValue>;
    /// `[object Date]` and the like.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(object: &JsValue) -> Result<String, JsValue>;

    /// A fresh copy of a typed array, so that none of what its owner may have changed is called.
    #[wasm_bindgen(extends = Float64Array, js_name = Float64Array)]
    type Numbers;
    #[wasm_bindgen(catch, constructor, js_class = Float64Array)]
    fn copied(view: &JsValue) -> Result<Numbers, JsValue>;

    /// The same of bytes.
    #[wasm_bindgen(extends = Uint8Array, js_name = Uint8Array)]
    type Bytes;
    #[wasm_bindgen(catch, constructor, js_class = Uint8Array)]
    fn copied(view: &JsValue) -> Result<Bytes, JsValue>;
}

/// Most levels of a config.
const MAX_LEVELS: usize = 32;
/// Most items of all arrays of a config.
const MAX_ITEMS: usize = 10_000_000;
/// Most keys of all objects of a config. Objects that share their parts are read once for each way to them.
const MAX_KEYS: usize = 10_000;
/// Most UTF-16 units of a string; beyond the 20 MB that a CSV may have.
const MAX_TEXT: u32 = 1 << 25;

/// Plain values, arrays, typed arrays and the own keys of objects. Paths in errors begin with `path`, which is empty for
/// a whole config.
pub fn value(js: &JsValue, path: &str) -> Result<Value, Error> {
    Walk::default()
        .value(js, MAX_LEVELS)
        .map_err(|e| e.within(path))
}

/// A string.
pub fn text(js: &JsValue, path: &str) -> Result<String, Error> {
    match scalar(js).map_err(|e| e.within(path))? {
        Some(Value::Text(text)) => Ok(text),
        other => Err(Error::new(
            path,
            format!("{} is not a string", shown(other)),
        )),
    }
}

/// A string; nothing for `undefined` and `null`.
pub fn optional_text(js: &JsValue, path: &str) -> Result<Option<String>, Error> {
    if js.is_null() || js.is_undefined() {
        return Ok(None);
    }
    text(js, path).map(Some)
}

/// A number, NaN and infinities included.
pub fn number(js: &JsValue, path: &str) -> Result<f64, Error> {
    match scalar(js).map_err(|e| e.within(path))? {
        Some(Value::Number(v)) => Ok(v),
        other => Err(Error::new(
            path,
            format!("{} is not a number", shown(other)),
        )),
    }
}

/// A whole number from `min` to `max`.
pub fn whole(js: &JsValue, path: &str, min: f64, max: f64) -> Result<f64, Error> {
    let allowed = format!("is not a whole number from {min} to {max}");
    match scalar(js).map_err(|e| e.within(path))? {
        Some(Value::Number(v)) if v.fract() == 0.0 && (min..=max).contains(&v) => Ok(v),
        other => Err(Error::new(path, format!("{} {allowed}", shown(other)))),
    }
}

/// A typed array, or an array of numbers.
pub fn numbers(js: &JsValue, path: &str) -> Result<Vec<f64>, Error> {
    if ArrayBuffer::is_view(js) {
        return typed(js).map_err(|e| e.within(path));
    }
    let value = value(js, path)?;
    value
        .as_numbers()
        .ok_or_else(|| Error::new(path, format!("{value} is not an array of numbers")))
}

/// A `Uint8Array`, or another view of bytes.
pub fn bytes(js: &JsValue, path: &str) -> Result<Vec<u8>, Error> {
    let bytes = ArrayBuffer::is_view(js)
        .then(|| Bytes::copied(js).ok())
        .flatten()
        .ok_or_else(|| Error::new(path, "is not a Uint8Array"))?;
    let mut copy = Vec::new();
    let length = bytes.length() as usize;
    copy.try_reserve_exact(length)
        .map_err(|_| Error::new(path, format!("its {length} bytes do not fit in memory")))?;
    copy.resize(length, 0);
    bytes.copy_to(&mut copy);
    Ok(copy)
}

/// One conversion.
#[derive(Default)]
struct Walk {
    items: usize,
    keys: usize,
}

impl Walk {
    fn value(&mut self, js: &JsValue, levels_left: usize) -> Result<Value, Error> {
        if let Some(value) = scalar(js)? {
            return Ok(value);
        }
        let Some(levels_left) = levels_left.checked_sub(1) else {
            let message = format!("is nested more than {MAX_LEVELS} levels deep");
            return Err(Error::new("", message));
        };
        if ArrayBuffer::is_view(js) {
            let numbers = typed(js)?;
            self.count_items(numbers.len())?;
            Ok(Value::from(numbers))
        } else if is_array(js).map_err(thrown)? {
            self.list(js, levels_left)
        } else {
            self.map(js, levels_left)
        }
    }

    fn list(&mut self, js: &JsValue, levels_left: usize) -> Result<Value, Error> {
        let length = get(js, &"length".into()).map_err(thrown)?;
        let length = length.as_f64().unwrap_or(0.0) as usize;
        self.count_items(length)?;
        (0..length)
            .map(|i| {
                get(js, &JsValue::from_f64(i as f64))
                    .map_err(thrown)
                    .and_then(|item| self.value(&item, levels_left))
                    .map_err(|e| e.within(&format!("[{i}]")))
            })
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    fn map(&mut self, js: &JsValue, levels_left: usize) -> Result<Value, Error> {
        let tag = tag(js).map_err(thrown)?;
        if tag != "[object Object]" {
            return Err(Error::new("", format!("{tag} is not a plain object")));
        }
        let keys = keys(js).map_err(thrown)?;
        self.keys = self.keys.saturating_add(keys.length() as usize);
        if self.keys > MAX_KEYS {
            return Err(too_large(MAX_KEYS, "keys"));
        }
        keys.iter()
            .map(|key| {
                let name = string(&key)?;
                let item = get(js, &key)
                    .map_err(thrown)
                    .and_then(|item| self.value(&item, levels_left))
                    .map_err(|e| e.within(&name))?;
                Ok((name, item))
            })
            .collect::<Result<_, _>>()
            .map(Value::Map)
    }

    fn count_items(&mut self, items: usize) -> Result<(), Error> {
        self.items = self.items.saturating_add(items);
        if self.items > MAX_ITEMS {
            return Err(too_large(MAX_ITEMS, "items"));
        }
        Ok(())
    }
}

/// A value without parts; `None` for an object.
fn scalar(js: &JsValue) -> Result<Option<Value>, Error> {
    let what = if js.is_null() || js.is_undefined() {
        return Ok(Some(Value::Null));
    } else if let Some(v) = js.as_f64() {
        return Ok(Some(Value::Number(v)));
    } else if let Some(b) = js.as_bool() {
        return Ok(Some(Value::Bool(b)));
    } else if js.is_string() {
        return Ok(Some(Value::Text(string(js)?)));
    } else if js.is_bigint() {
        "a BigInt"
    } else if js.is_symbol() {
        "a symbol"
    } else if js.is_function() {
        "a function"
    } else {
        return Ok(None);
    };
    let allowed = "where null, true, false, a number, a string, an array or an object may stand";
    Err(Error::new("", format!("{what} stands {allowed}")))
}

/// The text of what is a string; halves of surrogate pairs become U+FFFD.
fn string(js: &JsValue) -> Result<String, Error> {
    let length = js.unchecked_ref::<JsString>().length();
    if length > MAX_TEXT {
        let message = format!("is a string of {length} characters; at most {MAX_TEXT} are read");
        return Err(Error::new("", message));
    }
    Ok(js.as_string().unwrap_or_default())
}

/// The numbers of a typed array.
fn typed(view: &JsValue) -> Result<Vec<f64>, Error> {
    let numbers =
        Numbers::copied(view).map_err(|_| Error::new("", "is not an array of numbers"))?;
    if numbers.length() as usize > MAX_ITEMS {
        return Err(too_large(MAX_ITEMS, "numbers"));
    }
    Ok(numbers.to_vec())
}

fn too_large(most: usize, what: &str) -> Error {
    Error::new("", format!("is too large; at most {most} {what} are read"))
}

fn thrown(_: JsValue) -> Error {
    Error::new("", "cannot be read; it throws an exception")
}

fn shown(value: Option<Value>) -> String {
    value.map_or_else(|| "an object".to_owned(), |value| value.to_string())
}
