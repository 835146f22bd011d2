import { stringify } from 'yaml';

export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

export interface Layout {
  /** `\n` or `\r\n`. */
  readonly eol: string;
  /** Spaces by which a list stands further right than its key. */
  readonly listIndent: number;
}

export function isCollection(value: YamlValue): value is Exclude<YamlValue, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

export function isEmptyCollection(value: YamlValue): boolean {
  return isCollection(value) && Object.keys(value).length === 0;
}

/** On one line, fit for a flow collection too. `like` is the scalar that it replaces, whose quotes it takes over. */
export function renderInline(value: YamlValue, inFlow: boolean, like = ''): string {
  if (isCollection(value)) {
    const parts = Array.isArray(value)
      ? value.map((item: YamlValue) => renderInline(item, true))
      : Object.entries(value).map(([key, item]) => `${renderInline(key, true)}: ${renderInline(item, true)}`);
    return Array.isArray(value) ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
  }
  const quote = like.startsWith('"') ? 'QUOTE_DOUBLE' : like.startsWith("'") ? 'QUOTE_SINGLE' : 'PLAIN';
  const needsQuotes = typeof value === 'string' && (/[\r\n\t]/.test(value) || (inFlow && /[,[\]{}]/.test(value)));
  return stringify(value, {
    lineWidth: 0,
    defaultStringType: needsQuotes ? 'QUOTE_DOUBLE' : quote,
    defaultKeyType: 'PLAIN',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  }).trimEnd();
}

/** Block style; every line after the first starts with `indent` spaces. */
export function renderBlock(value: YamlValue, indent: number, layout: Layout): string {
  if (!isCollection(value) || isEmptyCollection(value)) return renderInline(value, false);
  return stringify(value, {
    lineWidth: 0,
    indentSeq: layout.listIndent > 0,
    blockQuote: 'literal',
    aliasDuplicateObjects: false,
  })
    .trimEnd()
    .split('\n')
    .map((line, at) => (at === 0 || line === '' ? line : ' '.repeat(indent) + line))
    .join(layout.eol);
}

/** `key: value` in block style, its first line without indentation. */
export function renderEntry(key: string, value: YamlValue, indent: number, layout: Layout): string {
  const name = renderInline(key, false);
  if (!isCollection(value) || isEmptyCollection(value)) return `${name}: ${renderInline(value, false)}`;
  const inner = indent + (Array.isArray(value) ? layout.listIndent : 2);
  return `${name}:${layout.eol}${' '.repeat(inner)}${renderBlock(value, inner, layout)}`;
}
