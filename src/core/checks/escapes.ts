const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence starts with one
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

/** Output without colours, cursor moves and window titles, which some tools print into pipes as well (ECMA-48). */
export function withoutEscapes(text: string): string {
  return text.includes('\u001b') ? text.replace(ESCAPE, '') : text;
}
