import assert from "node:assert/strict";
import { test } from "node:test";
import { baseState } from "../../www/presets.js";
import {
  historyCsv,
  jsonOf,
  layersOf,
  parametersCsv,
  parametersJson,
  readText,
  recordText,
} from "../../www/views/export/record_text.js";
import { stateOf } from "../../www/views/export/state_text.js";
import { isFilm, withDuration } from "../../www/views/export/webm.js";

/** Numbers at the ends of what there is, and some from all over: the bits of a counter, mixed. */
function numbers() {
  const some = [0, -0, 1, -1, 0.1, 1 / 3, 5e-324, -5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, 2 ** 53, 1e21];
  const bits = new DataView(new ArrayBuffer(8));
  let word = 0x9e3779b97f4a7c15n;
  for (let i = 0; i < 2000; i += 1) {
    word = (word * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    bits.setBigUint64(0, word);
    some.push(bits.getFloat64(0));
  }
  return Float64Array.from([...some, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
}

/** Whether all numbers are the same, −0 and 0 apart. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function sameNumbers(a, b) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i += 1) assert.ok(Object.is(a[i], b[i]), `${i}: ${a[i]} and ${b[i]}`);
}

/** @param {Partial<import("../../www/protocol.js").Exported>} [parts] @returns {import("../../www/protocol.js").Exported} */
function exported(parts) {
  const config = { problem: { kind: "surface", name: "booth" }, optimizer: { name: "adam", lr: 0.1 } };
  const column = numbers();
  return {
    config,
    iteration: 3,
    status: "stopped",
    reason: "",
    digest: "0123456789abcdef",
    parameters: column,
    columns: { iteration: Float64Array.from(column, (_, i) => i), loss: column },
    changed: null,
    ...parts,
  };
}

const FROM = { version: "1.2.3", link: "http://localhost/#f=booth", title: "Booth" };

test("a record reads back to the same bits", () => {
  const state = baseState("surface", "booth");
  state.speed = Number.POSITIVE_INFINITY;
  const read = readText(recordText(state, [{ lane: 1, title: "Adam", exported: exported() }], FROM));
  assert.equal(read.lanes?.length, 1);
  sameNumbers(read.lanes?.[0]?.columns.loss ?? [], numbers());
  assert.equal(read.lanes?.[0]?.digest, "0123456789abcdef");
  assert.deepEqual(stateOf(read), state);
});

test("without a state, a record's lanes come from their configs", () => {
  const lanes = [
    { lane: 1, title: "Adam", exported: exported() },
    {
      lane: 2,
      title: "SGD",
      exported: exported({
        config: {
          problem: { kind: "surface", name: "booth" },
          optimizer: { name: "sgd", lr: 0.01 },
          schedule: { name: "exponential", base: 0.9 },
          batch_size: 8,
        },
      }),
    },
  ];
  const { state: _, ...rest } = JSON.parse(recordText(baseState("surface", "booth"), lanes, FROM));
  const state = stateOf(readText(JSON.stringify(rest)));
  assert.deepEqual(state.lanes, [
    { mark: 1, optimizer: { name: "adam", lr: 0.1 }, batch_size: undefined },
    { mark: 2, optimizer: { name: "sgd", lr: 0.01 }, schedule: { name: "exponential", base: 0.9 }, batch_size: 8 },
  ]);
});

test("a CSV reads back to the same bits, and lacks no column of any lane", () => {
  const second = exported({ columns: { iteration: Float64Array.of(0), lambda: Float64Array.of(0.5) } });
  const text = historyCsv([
    { lane: 1, title: "Adam", exported: exported() },
    { lane: 2, title: 'own, "b"', exported: second },
  ]);
  const [head, ...lines] = text.trimEnd().split("\n");
  assert.equal(head, "lane,method,iteration,loss,lambda");
  sameNumbers(
    lines.filter((line) => line.startsWith("1,Adam,")).map((line) => Number(line.split(",")[3])),
    numbers(),
  );
  assert.equal(lines.at(-1), '2,"own, ""b""",0,,0.5');
});

test("parameters of a network are layer by layer, weights by output", () => {
  const parameters = Float64Array.from({ length: 2 * 3 + 3 + 3 + 1 }, (_, i) => i + 0.1);
  const [first, second] = layersOf(parameters, [2, 3, 1]);
  assert.deepEqual(first, {
    layer: 1,
    weights: [
      [0.1, 1.1],
      [2.1, 3.1],
      [4.1, 5.1],
    ],
    biases: [6.1, 7.1, 8.1],
  });
  assert.deepEqual(second, { layer: 2, weights: [[9.1, 10.1, 11.1]], biases: [12.1] });
  const lanes = [{ lane: 1, title: "Adam", exported: exported({ parameters }) }];
  const lines = parametersCsv(lanes, [2, 3, 1], []).split("\n");
  assert.equal(lines[0], "lane,method,iteration,layer,out,in,value");
  assert.equal(lines[3], "1,Adam,3,1,2,1,2.1");
  assert.equal(lines[7], "1,Adam,3,1,1,,6.1");
  const named = JSON.parse(parametersJson(lanes, null, ["x", "y"]));
  assert.deepEqual(named.lanes[0].parameters, [...parameters]);
  assert.equal(parametersCsv(lanes, null, ["x", "y"]).split("\n")[2], "1,Adam,3,y,1.1");
});

test("what JSON cannot say is a string, and all else plain", () => {
  assert.deepEqual(JSON.parse(jsonOf({ a: [Number.NaN, -0, 1], b: { c: "<&", d: undefined, e: null }, f: [] })), {
    a: ["NaN", "-0", 1],
    b: { c: "<&", e: null },
    f: [],
  });
});

/** An EBML element. @param {number[]} id @param {number[]} content @param {boolean} [open] whether its size is not known */
const element = (id, content, open = false) => [
  ...id,
  ...(open ? [1, 255, 255, 255, 255, 255, 255, 255] : [0x80 | content.length]),
  ...content,
];

test("a film's head takes the duration, and one that has it stays", () => {
  const head = element([0x1a, 0x45, 0xdf, 0xa3], [1, 2, 3]);
  const scale = element([0x2a, 0xd7, 0xb1], [0x0f, 0x42, 0x40]);
  const tracks = element([0x16, 0x54, 0xae, 0x6b], [9, 9]);
  const film = (/** @type {number[]} */ info) =>
    Uint8Array.from([
      ...head,
      ...element([0x18, 0x53, 0x80, 0x67], [...element([0x15, 0x49, 0xa9, 0x66], info), ...tracks], true),
    ]);
  const timed = withDuration(film(scale), 1234.5);
  // The size of Info is now written in eight bytes in place of one, and Duration takes eleven.
  assert.equal(timed.length, film(scale).length + 7 + 11);
  assert.deepEqual([...timed.subarray(-tracks.length)], tracks);
  const at = timed.length - tracks.length - 11;
  assert.deepEqual([...timed.subarray(at, at + 3)], [0x44, 0x89, 0x88]);
  assert.equal(new DataView(timed.buffer, at + 3).getFloat64(0), 1234.5);
  assert.deepEqual(withDuration(timed, 7), timed);
  const cluster = element([0x1f, 0x43, 0xb6, 0x75], [5]);
  assert.equal(isFilm(timed), false);
  assert.equal(isFilm(Uint8Array.from([...timed, ...cluster])), true);
  for (const other of [new Uint8Array(), Uint8Array.of(1, 2, 3), Uint8Array.from(head)])
    assert.deepEqual(withDuration(other, 7), other);
});
