import { crc32, deflateRawSync } from "node:zlib";

/** A file for an archive; what is said of it may be a lie. */
export interface Part {
  name: string;
  content: Uint8Array;
  /** 8 is packed, 0 is stored. */
  method?: number;
  flags?: number;
  size?: number;
  crc?: number;
}

/** A zip archive, as honest as its parts. */
export function zip(parts: Part[]): Uint8Array<ArrayBuffer> {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const { content, method = 8, flags = 0x800 } = part;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const label = Buffer.from(part.name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(part.crc ?? crc32(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(part.size ?? content.length, 18);
    head.writeUInt16LE(label.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    const file = Buffer.concat([Buffer.from("PK\x03\x04"), head, label, packed]);
    files.push(file);
    list.push(Buffer.from("PK\x01\x02\x14\x00"), head, tail, label);
    at += file.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...files, ...list, end]));
}
