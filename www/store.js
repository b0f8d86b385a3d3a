/**
 * What outlives a reload: the results of searches, and runs that were kept. In IndexedDB; where that is refused (a private
 * window, a sandboxed frame), in memory, and then it lasts as long as the page.
 */

/** @typedef {import("./pool_protocol.js").TrialResult} TrialResult */
/** @typedef {{ id: string, touched: number }} Entry */
/**
 * Where records lie, by a key that is a list of texts and numbers.
 * @typedef {object} Drawer
 * @property {(key: string) => Promise<any[]>} all records whose key begins so, in the order of the rest of it
 * @property {(records: { key: [string, number], value: any }[]) => Promise<void>} put
 * @property {(key: string) => Promise<void>} drop all records whose key begins so
 */

const NAME = "descent";
const TABLE = "records";
/** The list of searches, in the order in which they were last touched. */
const INDEX = "searches";
/** So many searches are kept. */
const SEARCHES_MAX = 30;
/** Results are written together, ms apart at most. */
const FLUSH_MS = 150;

export class Store {
  /** @type {Promise<Drawer>} */
  #drawer;
  /** @type {{ key: [string, number], value: any }[]} */
  #due = [];
  #timer = 0;

  /** @param {() => Promise<Drawer>} [open] */
  constructor(open = openDatabase) {
    this.#drawer = open().catch(() => inMemory());
    globalThis.addEventListener?.("pagehide", () => this.flush());
  }

  /** The results of a search so far. @param {string} id @returns {Promise<TrialResult[]>} */
  async results(id) {
    await this.flush();
    return this.#read(`search ${id}`);
  }

  /** Keeps a result, soon. @param {string} id @param {TrialResult} result */
  keep(id, result) {
    this.#due.push({ key: [`search ${id}`, result.index], value: result });
    if (!this.#timer) this.#timer = Number(setTimeout(() => this.flush(), FLUSH_MS));
  }

  /** Marks a search as the last one touched, and lets go of the oldest. @param {string} id */
  async touch(id) {
    /** @type {Entry[]} */
    const known = (await this.#read(INDEX))[0] ?? [];
    const others = known.filter((entry) => entry.id !== id);
    const gone = others.splice(0, Math.max(0, others.length + 1 - SEARCHES_MAX));
    await this.#write([{ key: [INDEX, 0], value: [...others, { id, touched: Date.now() }] }]);
    for (const entry of gone) await this.#drop(`search ${entry.id}`);
  }

  /** Forgets the results of a search. @param {string} id */
  async forget(id) {
    await this.flush();
    await this.#drop(`search ${id}`);
  }

  /** What was kept under a name, and how to keep it. @param {string} name @returns {Promise<any>} */
  async read(name) {
    return (await this.#read(name))[0];
  }

  /** @param {string} name @param {any} value */
  async write(name, value) {
    await this.#write([{ key: [name, 0], value }]);
  }

  /** Writes what is due. */
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const due = this.#due;
    this.#due = [];
    if (due.length > 0) await this.#write(due);
  }

  /** @param {string} key @returns {Promise<any[]>} */
  async #read(key) {
    return this.#orElse([], async (drawer) => drawer.all(key));
  }

  /** @param {{ key: [string, number], value: any }[]} records */
  async #write(records) {
    await this.#orElse(undefined, (drawer) => drawer.put(records));
  }

  /** @param {string} key */
  async #drop(key) {
    await this.#orElse(undefined, (drawer) => drawer.drop(key));
  }

  /** A disk that is full or a database that was taken away costs what was stored, not the search. @template R @param {R} otherwise @param {(drawer: Drawer) => Promise<R>} act @returns {Promise<R>} */
  async #orElse(otherwise, act) {
    try {
      return await act(await this.#drawer);
    } catch {
      this.#drawer = Promise.resolve(inMemory());
      return otherwise;
    }
  }
}

/** @returns {Promise<Drawer>} */
async function openDatabase() {
  /** @type {IDBDatabase} */
  const database = await new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("the database is in use"));
  });
  // Another page may want a newer version.
  database.onversionchange = () => database.close();
  const within = (/** @type {string} */ key) => IDBKeyRange.bound([key, 0], [key, Number.POSITIVE_INFINITY]);
  /** @template R @param {IDBTransactionMode} mode @param {(table: IDBObjectStore) => IDBRequest<R> | undefined} act @returns {Promise<R>} */
  const transact = (mode, act) =>
    new Promise((done, failed) => {
      const transaction = database.transaction(TABLE, mode);
      const request = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => done(/** @type {any} */ (request?.result));
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  return {
    all: (key) => transact("readonly", (table) => table.getAll(within(key))),
    drop: (key) => transact("readwrite", (table) => table.delete(within(key))),
    put: (records) =>
      transact("readwrite", (table) => {
        for (const { key, value } of records) table.put(value, key);
        return undefined;
      }),
  };
}

/** @returns {Drawer} */
export function inMemory() {
  /** @type {Map<string, Map<number, any>>} */
  const kept = new Map();
  return {
    all: async (key) => {
      const part = [...(kept.get(key) ?? [])];
      return part.sort(([a], [b]) => a - b).map(([, value]) => structuredClone(value));
    },
    put: async (records) => {
      for (const { key, value } of records) {
        const [name, at] = key;
        if (!kept.has(name)) kept.set(name, new Map());
        kept.get(name)?.set(at, structuredClone(value));
      }
    },
    drop: async (key) => {
      kept.delete(key);
    },
  };
}

/**
 * A short name for a value that JSON can hold: equal values have equal names, and others as good as surely another one.
 * FNV-1a over UTF-16 units, twice with 32 bits.
 * @param {unknown} value
 */
export function digestOf(value) {
  const text = JSON.stringify(value);
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit ^ (a >>> 15), 0x85ebca6b);
  }
  const hex = (/** @type {number} */ n) => (n >>> 0).toString(16).padStart(8, "0");
  return `${hex(a)}${hex(b)}${text.length.toString(16)}`;
}
