/**
 * The duration of a film, written into its head. Some recorders write the head before they know how long the film will be,
 * and a player then shows no length and cannot be moved. Others come back to it; their films stay as they are.
 *
 * A WebM file is EBML (RFC 8794): elements of an id, a size and a content, ids and sizes in one to eight bytes, whose
 * count is that of the leading zeros of the first. The head's Segment holds an Info, which may hold a Duration in its
 * TimestampScale of 10⁶ ns (RFC 9559, 5.1.2).
 */

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const DURATION = 0x4489;
/** Tells where other elements are, which a longer head would move. */
const SEEK_HEAD = 0x114d9b74;
const EBML = 0x1a45dfa3;

/** An element: where its content begins, and its size; the size of what is being written is not known. @typedef {{ id: number, at: number, content: number, size: number | null }} Element */

const CLUSTER = 0x1f43b675;

/** Whether there are pictures in a film. @param {Uint8Array} film */
export function isFilm(film) {
  const head = elementAt(film, 0);
  if (head?.id !== EBML || head.size === null) return false;
  const segment = elementAt(film, head.content + head.size);
  return segment?.id === SEGMENT && childOf(film, segment.content, film.length, CLUSTER)?.id === CLUSTER;
}

/** The same film with its length in its head; as it is where that has one, or is not understood. @param {Uint8Array} film @param {number} ms */
export function withDuration(film, ms) {
  const head = elementAt(film, 0);
  if (head?.id !== EBML || head.size === null) return bytes(film);
  const segment = elementAt(film, head.content + head.size);
  if (segment?.id !== SEGMENT || segment.size !== null) return bytes(film);
  if (childOf(film, segment.content, film.length, SEEK_HEAD)) return bytes(film);
  const info = childOf(film, segment.content, film.length, INFO);
  if (!info || info.size === null) return bytes(film);
  if (childOf(film, info.content, info.content + info.size, DURATION)) return bytes(film);
  const duration = new Uint8Array(11);
  duration.set([DURATION >> 8, DURATION & 0xff, 0x88]);
  new DataView(duration.buffer).setFloat64(3, ms);
  const end = info.content + info.size;
  const parts = [film.subarray(0, info.at), idOf(INFO), sizeOf(info.size + duration.length)];
  parts.push(film.subarray(info.content, end), duration, film.subarray(end));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The same bytes, in memory that is not shared. @param {Uint8Array} film */
function bytes(film) {
  return new Uint8Array(film);
}

/** @param {Uint8Array} film @param {number} from @param {number} until @param {number} id */
function childOf(film, from, until, id) {
  for (let at = from; at < until; ) {
    const child = elementAt(film, at);
    if (!child || child.id === id) return child;
    if (child.size === null) return null;
    at = child.content + child.size;
  }
  return null;
}

/** @param {Uint8Array} film @param {number} at @returns {Element | null} */
function elementAt(film, at) {
  const idLength = lengthOf(film[at]);
  const sizeLength = lengthOf(film[at + idLength]);
  if (idLength === 0 || idLength > 4 || sizeLength === 0) return null;
  const content = at + idLength + sizeLength;
  if (content > film.length) return null;
  let id = 0;
  for (let i = 0; i < idLength; i += 1) id = id * 256 + (film[at + i] ?? 0);
  let size = (film[at + idLength] ?? 0) & (0xff >> sizeLength);
  let unknown = size === 0xff >> sizeLength;
  for (let i = 1; i < sizeLength; i += 1) {
    const byte = film[at + idLength + i] ?? 0;
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { id, at, content, size: unknown ? null : size };
}

/** Bytes of an id or a size, by its first; 0 where that is none. @param {number | undefined} first */
function lengthOf(first) {
  return first ? Math.clz32(first) - 23 : 0;
}

/** @param {number} id of four bytes */
function idOf(id) {
  return Uint8Array.of(id >>> 24, (id >> 16) & 0xff, (id >> 8) & 0xff, id & 0xff);
}

/** A size in eight bytes. @param {number} size */
function sizeOf(size) {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, (1n << 56n) | BigInt(size));
  return out;
}
