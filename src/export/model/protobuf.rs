//! How are the bytes of a Protocol Buffers message written? Only what ONNX needs: whole numbers, floats, bytes, messages.

/// A message that is being written, field by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message(Vec<u8>);

impl Message {
    /// The message as bytes.
    pub fn done(self) -> Vec<u8> {
        self.0
    }

    /// A whole number; a negative one takes ten bytes.
    pub fn whole(mut self, field: u32, value: i64) -> Message {
        self.varint(u64::from(field) << 3);
        self.varint(value as u64);
        self
    }

    /// Bytes, or a text as UTF-8.
    pub fn bytes(mut self, field: u32, value: impl AsRef<[u8]>) -> Message {
        let value = value.as_ref();
        self.varint(u64::from(field) << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// A message within.
    pub fn message(self, field: u32, value: Message) -> Message {
        self.bytes(field, value.0)
    }

    /// Several messages within, in a repeated field.
    pub fn messages(self, field: u32, values: impl IntoIterator<Item = Message>) -> Message {
        values.into_iter().fold(self, |message, value| message.message(field, value))
    }

    /// Seven bits a byte, the lowest first; the eighth says that there are more.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_encodings_description() {
        assert_eq!(Message::default().whole(1, 150).done(), [0x08, 0x96, 0x01]);
        assert_eq!(Message::default().bytes(2, "testing").done(), *b"\x12\x07testing");
        assert_eq!(Message::default().message(3, Message::default().whole(1, 150)).done(), [0x1a, 3, 0x08, 0x96, 1]);
        let minus = Message::default().whole(1, -2).done();
        assert_eq!(minus, [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    }
}
