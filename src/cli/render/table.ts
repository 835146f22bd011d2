const GAP = 2;

/** Left-aligned columns; the last one is not padded. Rows may be shorter than the header. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ''))));
  return all
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0))).join('')}\n`)
    .join('');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - displayWidth(cell) + GAP);
}

/** Columns that text takes on a terminal: colour codes take none. */
function displayWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence starts with one
  return [...text.replace(/\u001b\[[\d;]*m/g, '')].length;
}
