/** Styles that are loaded with the page or the part of it that they belong to: `loadStyle` of www/files.js names them. */
export const PAGE_STYLES = ["tune", "recipe", "export", "embed", "lesson", "sampling"];
