/**
 * The engine's LaTeX as MathML: what a typed formula can become, and what the named functions use. Nothing is loaded for
 * it, and a command that is not known stands there by its name.
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** Longer formulas are shown as they are. */
const LONGEST = 2000;

/** @type {{ [command: string]: string }} */
const SYMBOLS = { pi: "π", theta: "θ", alpha: "α", beta: "β", kappa: "κ", top: "⊤", infty: "∞" };
/** @type {{ [command: string]: string }} */
const SIGNS = { cdot: "·", le: "≤", ge: "≥", neq: "≠", in: "∈", times: "×" };
const SPACES = new Set([",", ";", "quad"]);
const FENCES = new Set(["(", ")", "[", "]", "|"]);

/** @param {string} latex @returns {Element} */
export function mathOf(latex) {
  const math = make("math");
  math.append(latex.length > LONGEST ? make("mtext", latex) : new Parser(latex).row(() => false));
  return math;
}

/** @param {string} tag @param {...(Node | string)} children */
function make(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children);
  return element;
}

class Parser {
  #tokens;
  #at = 0;

  /** @param {string} latex */
  constructor(latex) {
    this.#tokens = latex.match(/\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S/g) ?? [];
  }

  /** Everything up to a token that ends it, which is passed over. @param {(token: string) => boolean} ends @returns {Element} */
  row(ends) {
    const row = make("mrow");
    while (this.#at < this.#tokens.length) {
      if (ends(this.#tokens[this.#at] ?? "")) {
        this.#at += 1;
        break;
      }
      row.append(this.#scripted());
    }
    return row;
  }

  /** A piece with what stands above and below it. */
  #scripted() {
    const sum = ["\\sum", "\\prod"].includes(this.#tokens[this.#at] ?? "");
    let base = this.#piece();
    /** @type {Element | null} */
    let below = null;
    /** @type {Element | null} */
    let above = null;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token !== "^" && token !== "_") break;
      this.#at += 1;
      if (token === "^") above = this.#piece();
      else below = this.#piece();
    }
    const kind = sum ? ["munder", "mover", "munderover"] : ["msub", "msup", "msubsup"];
    if (below && above) base = make(kind[2] ?? "", base, below, above);
    else if (below) base = make(kind[0] ?? "", base, below);
    else if (above) base = make(kind[1] ?? "", base, above);
    return base;
  }

  /** @returns {Element} */
  #piece() {
    const token = this.#tokens[this.#at] ?? "";
    this.#at += 1;
    if (token === "{") return this.row((t) => t === "}");
    if (token.startsWith("\\")) return this.#command(token.slice(1));
    if (/^\d/.test(token)) return make("mn", token);
    if (/^\p{L}/u.test(token)) return make("mi", token);
    return sign(token === "-" ? "−" : token);
  }

  /** @param {string} name @returns {Element} */
  #command(name) {
    if (name === "frac" || name === "tfrac") {
      const fraction = make("mfrac", this.#piece(), this.#piece());
      if (name === "frac") return fraction;
      const small = make("mstyle", fraction);
      small.setAttribute("displaystyle", "false");
      return small;
    }
    if (name === "sqrt") return make("msqrt", this.#piece());
    if (name === "left") {
      const open = this.#fence();
      const inside = this.row((t) => t === "\\right");
      return make("mrow", open, inside, this.#fence());
    }
    if (name === "operatorname" || name === "mathrm" || name === "text") return this.#named();
    if (name === "sum" || name === "prod") return sign(name === "sum" ? "∑" : "∏");
    if (SPACES.has(name)) return space(name);
    const symbol = SYMBOLS[name];
    if (symbol) return make("mi", symbol);
    return SIGNS[name] ? sign(SIGNS[name] ?? "") : make("mrow", space(","), make("mi", name), space(","));
  }

  #fence() {
    const token = this.#tokens[this.#at] ?? "";
    this.#at += 1;
    return sign(token === "." ? "" : token);
  }

  /** A name of several letters. */
  #named() {
    const inside = this.#piece().textContent ?? "";
    const name = make("mi", inside.replaceAll("\\", ""));
    name.setAttribute("mathvariant", "normal");
    return name;
  }
}

/** @param {string} name of a space */
function space(name) {
  const element = make("mspace");
  element.setAttribute("width", name === "quad" ? "1em" : "0.17em");
  return element;
}

/** An operator. Brackets keep the size of the text: few systems have a font that stretches them. @param {string} text */
function sign(text) {
  const element = make("mo", text);
  if (FENCES.has(text)) element.setAttribute("stretchy", "false");
  return element;
}
