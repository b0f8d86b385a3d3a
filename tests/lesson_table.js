/** The table of docs/lessons.md: what the test in the browser found of each lesson. */

/** @typedef {import("../www/lessons/lesson.js").Lesson} Lesson */
/** @typedef {{ opens: boolean, steps: boolean[], before: boolean, after: boolean }} Found `before` and `after`: whether the check passed */

const yes = (/** @type {boolean} */ is) => (is ? "yes" : "no");

/** @param {readonly Lesson[]} lessons @param {Found[]} found */
export function lessonTable(lessons, found) {
  const head = [
    "| | lesson | section of the lecture | opens in its state | its steps do what they say | check passes before | check passes after |",
    "|---|---|---|---|---|---|---|",
  ];
  const rows = lessons.flatMap(({ id, title, section }, i) => {
    const row = found[i];
    if (!row) return [];
    const { opens, steps, before, after } = row;
    const cells = [
      i + 1,
      `${title} (\`${id}\`)`,
      section,
      yes(opens),
      steps.map(yes).join(", "),
      yes(before),
      yes(after),
    ];
    return [`| ${cells.join(" | ")} |`];
  });
  return [...head, ...rows].join("\n");
}
