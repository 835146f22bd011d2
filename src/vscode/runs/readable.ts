/** `go test -json` wraps what a person wants to read; a line without output says what the next ones say anyway. */
export function readable(line: string): string | undefined {
  if (!line.startsWith('{"')) return line;
  try {
    const { Action, Output } = JSON.parse(line) as { readonly Action?: string; readonly Output?: string };
    if (Action === undefined) return line;
    return Output?.replace(/\r?\n$/, '');
  } catch {
    return line;
  }
}
