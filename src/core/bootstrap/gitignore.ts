const HEADER = '# InfraBuilder';

/** The managed lines that `text` lacks. A person's own lines and their order are never touched. */
export function missingLines(text: string, managed: readonly string[]): string[] {
  const present = new Set(text.split('\n').map((line) => line.trim()));
  return managed.filter((line) => line.trim() !== '' && !line.startsWith('#') && !present.has(line.trim()));
}

/** `text` with `lines` below a header at its end, in the line ends that it uses. */
export function appendLines(text: string, lines: readonly string[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' ? '' : text.endsWith('\n') ? end : end + end;
  return text + gap + [HEADER, ...lines, ''].join(end);
}
