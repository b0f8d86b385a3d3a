/** Styles in www/style/ that are loaded with the page or the panel that they belong to, not with the page Run. */
export const PAGES = ["tune", "recipe", "export", "embed", "lesson", "sampling"];
