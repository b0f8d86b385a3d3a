/** Styles in www/style/ that are loaded with the page that they belong to, not with the page Run. */
export const PAGES = ["tune", "recipe", "export", "embed", "lesson"];
