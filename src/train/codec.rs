//! Saving and restoring in one pass: each part lists its numbers once, and the same list writes and reads them.

use crate::value::Value;

/// The bytes are not a snapshot that this version wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrupt;

/// Either a [`Writer`], which copies what it is shown, or a [`ByteReader`], which replaces it.
pub trait Codec {
    /// Eight bytes.
    fn word(&mut self, word: &mut u64) -> Result<(), Corrupt>;

    /// A count or seed.
    fn whole(&mut self, v: &mut u64) -> Result<(), Corrupt> {
        self.word(v)
    }

    /// One number, bit for bit.
    fn number(&mut self, v: &mut f64) -> Result<(), Corrupt> {
        let mut word = v.to_bits();
        self.word(&mut word)?;
        *v = f64::from_bits(word);
        Ok(())
    }

    /// A vector of any length.
    fn numbers(&mut self, values: &mut Vec<f64>) -> Result<(), Corrupt>;

    /// A string.
    fn text(&mut self, text: &mut String) -> Result<(), Corrupt>;
}

/// Writes a snapshot, little-endian.
#[derive(Debug, Default)]
pub struct Writer {
    /// What has been written.
    pub bytes: Vec<u8>,
}

impl Codec for Writer {
    fn word(&mut self, word: &mut u64) -> Result<(), Corrupt> {
        self.bytes.extend_from_slice(&word.to_le_bytes());
        Ok(())
    }

    fn numbers(&mut self, values: &mut Vec<f64>) -> Result<(), Corrupt> {
        self.word(&mut (values.len() as u64))?;
        self.bytes
            .extend(values.iter().flat_map(|v| v.to_le_bytes()));
        Ok(())
    }

    fn text(&mut self, text: &mut String) -> Result<(), Corrupt> {
        self.word(&mut (text.len() as u64))?;
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Reads a snapshot.
#[derive(Debug)]
pub struct ByteReader<'a> {
    bytes: &'a [u8],
}

impl<'a> ByteReader<'a> {
    /// From the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A length, followed by that many pieces of `size` bytes.
    fn pieces(&mut self, size: usize) -> Result<&'a [u8], Corrupt> {
        let mut length = 0;
        self.word(&mut length)?;
        let bytes = usize::try_from(length)
            .ok()
            .and_then(|n| n.checked_mul(size))
            .ok_or(Corrupt)?;
        let (head, tail) = self.bytes.split_at_checked(bytes).ok_or(Corrupt)?;
        self.bytes = tail;
        Ok(head)
    }
}

impl Codec for ByteReader<'_> {
    fn word(&mut self, word: &mut u64) -> Result<(), Corrupt> {
        let (head, tail) = self.bytes.split_first_chunk().ok_or(Corrupt)?;
        self.bytes = tail;
        *word = u64::from_le_bytes(*head);
        Ok(())
    }

    fn numbers(&mut self, values: &mut Vec<f64>) -> Result<(), Corrupt> {
        let (words, _) = self.pieces(8)?.as_chunks::<8>();
        values.clear();
        values.extend(words.iter().map(|w| f64::from_le_bytes(*w)));
        Ok(())
    }

    fn text(&mut self, text: &mut String) -> Result<(), Corrupt> {
        *text = String::from_utf8(self.pieces(1)?.to_vec()).map_err(|_| Corrupt)?;
        Ok(())
    }
}

/// Writes a config.
pub fn write_value(codec: &mut Writer, value: &Value) -> Result<(), Corrupt> {
    match value {
        Value::Null => codec.word(&mut 0),
        Value::Bool(b) => codec.word(&mut (1 + u64::from(*b))),
        Value::Number(v) => {
            codec.word(&mut 3)?;
            codec.number(&mut v.clone())
        }
        Value::Text(t) => {
            codec.word(&mut 4)?;
            codec.text(&mut t.clone())
        }
        Value::List(items) => {
            codec.word(&mut 5)?;
            codec.word(&mut (items.len() as u64))?;
            items.iter().try_for_each(|item| write_value(codec, item))
        }
        Value::Map(pairs) => {
            codec.word(&mut 6)?;
            codec.word(&mut (pairs.len() as u64))?;
            pairs.iter().try_for_each(|(key, item)| {
                codec.text(&mut key.clone())?;
                write_value(codec, item)
            })
        }
    }
}

/// Reads a config of at most 20 levels.
pub fn read_value(codec: &mut ByteReader) -> Result<Value, Corrupt> {
    read_level(codec, 20)
}

fn read_level(codec: &mut ByteReader, levels: u32) -> Result<Value, Corrupt> {
    let levels = levels.checked_sub(1).ok_or(Corrupt)?;
    let (mut tag, mut length) = (0, 0);
    codec.word(&mut tag)?;
    match tag {
        0 => Ok(Value::Null),
        1 | 2 => Ok(Value::Bool(tag == 2)),
        3 => {
            let mut v = 0.0;
            codec.number(&mut v)?;
            Ok(Value::Number(v))
        }
        4 => {
            let mut text = String::new();
            codec.text(&mut text)?;
            Ok(Value::Text(text))
        }
        5 => {
            codec.word(&mut length)?;
            (0..length)
                .map(|_| read_level(codec, levels))
                .collect::<Result<_, _>>()
                .map(Value::List)
        }
        6 => {
            codec.word(&mut length)?;
            let pair = |codec: &mut ByteReader| {
                let mut key = String::new();
                codec.text(&mut key)?;
                Ok((key, read_level(codec, levels)?))
            };
            (0..length)
                .map(|_| pair(codec))
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        _ => Err(Corrupt),
    }
}
