/** Kinds of change of https://keepachangelog.com/en/1.1.0/, in its order. */
export const CHANGE_KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const NEW = `# Changelog

All notable changes are in this file. The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).
`;

const RELEASE = /^##\s+(?!#)/;
const UNRELEASED = /^##\s+\[?unreleased\]?/i;
const SECTION = /^###\s+(.+?)\s*$/;

/** Adds an entry below "Unreleased"; what is missing on the way is made. An entry that is there already changes nothing. */
export function addChange(text: string | undefined, kind: ChangeKind, entry: string): string {
  const source = text === undefined || text.trim() === '' ? NEW : text;
  const end = source.includes('\r\n') ? '\r\n' : '\n';
  const lines = source.replace(/\s*$/, '').split(/\r\n|\n/);
  const line = `- ${entry.trim().replace(/\s+/g, ' ')}`;
  let start = lines.findIndex((one) => UNRELEASED.test(one));
  if (start < 0) {
    const first = lines.findIndex((one) => RELEASE.test(one));
    const at = first < 0 ? lines.length : first;
    const block = ['## [Unreleased]', ''];
    lines.splice(at, 0, ...(first < 0 ? ['', ...block] : block));
    start = first < 0 ? at + 1 : at;
  }
  const next = lines.findIndex((one, at) => at > start && RELEASE.test(one));
  const stop = next < 0 ? lines.length : next;
  if (lines.slice(start, stop).some((one) => one.trim() === line)) return source;
  insert(lines, start, stop, kind, line);
  return `${lines.join(end).replace(/\s*$/, '')}${end}`;
}

function insert(lines: string[], start: number, stop: number, kind: ChangeKind, line: string): void {
  const rank = (name: string) => CHANGE_KINDS.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  const sections = lines.flatMap((text, at) => {
    const name = SECTION.exec(text)?.[1];
    return name !== undefined && at > start && at < stop ? [{ at, rank: rank(name) }] : [];
  });
  const own = sections.findIndex((section) => section.rank === rank(kind));
  const section = sections[own];
  if (section !== undefined) {
    const last = lastText(lines, section.at, sections[own + 1]?.at ?? stop);
    lines.splice(last + 1, 0, ...(last === section.at ? ['', line] : [line]));
    return;
  }
  const after = sections.find((one) => one.rank > rank(kind));
  const last = lastText(lines, start, after?.at ?? stop);
  lines.splice(last + 1, 0, '', `### ${kind}`, '', line);
}

/** The last line with text in [from, to). */
function lastText(lines: readonly string[], from: number, to: number): number {
  let at = to - 1;
  while (at > from && lines[at]?.trim() === '') at--;
  return at;
}
