import assert from "node:assert/strict";
import { test } from "node:test";

import { equations, moduleText } from "../../scripts/equations.js";

const momentum = {
  symbols: String.raw`v^{k+1} = \beta v^k + \nabla f(\theta^k)`,
  numbers: String.raw`\text{@v1} = \text{@beta} \cdot \text{@v0} + \text{@1-beta} \text{@g}`,
};
const catalog = {
  methods: [{ name: "momentum", equation: [momentum] }],
  schedules: [{ name: "inverse_time", latex: String.raw`\alpha_t = \frac{\alpha_0}{1 + \text{decay} \cdot t}` }],
  surfaces: [{ name: "booth", latex: "(x + 2y - 7)^2 + (2x + y - 5)^2" }],
  models: [{ name: "exponential", latex: "b_{1} e^{-b_{2} x}" }],
};

test("every line of the catalogue becomes MathML", () => {
  const made = equations(catalog);
  assert.deepEqual(
    [...made.keys()],
    [
      momentum.symbols,
      momentum.numbers,
      catalog.schedules[0]?.latex,
      catalog.surfaces[0]?.latex,
      catalog.models[0]?.latex,
    ],
  );
  for (const text of made.values()) assert.match(text, /^<math .*<\/math>$/s);
});

test("the places for numbers stand alone in an mtext", () => {
  const text = equations(catalog).get(momentum.numbers) ?? "";
  for (const name of ["v1", "beta", "v0", "1-beta", "g"]) assert.ok(text.includes(`<mtext>@${name}</mtext>`), name);
});

test("LaTeX that cannot be read names its owner", () => {
  const broken = { ...catalog, schedules: [{ name: "step", latex: String.raw`\nonsense{` }] };
  assert.throws(() => equations(broken), /^Error: step: /);
});

test("markup has no styles, which the page's policy would refuse", () => {
  const made = equations({
    ...catalog,
    surfaces: [
      { name: "cases", latex: String.raw`f = \begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}` },
      { name: "accents", latex: String.raw`\hat{v} \overline{x} \sum_{i=1}^{n} \tfrac{x_i^{2^2}}{2}` },
      { name: "lines", latex: String.raw`\begin{aligned} x &= 1 & y &= 2 \\ z &= 3 \end{aligned}` },
    ],
  });
  for (const text of made.values()) {
    assert.doesNotMatch(text, /\sstyle=/);
    assert.match(text, /^<math display="block" /);
  }
  assert.match(
    made.get(String.raw`f = \begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}`) ?? "",
    /<mtd class="pad-/,
  );
});

test("the module gives back what was put in", async () => {
  const made = equations(catalog);
  const module = await import(`data:text/javascript,${encodeURIComponent(moduleText(made, "a test"))}`);
  assert.deepEqual(module.equations, Object.fromEntries(made));
});
