import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const texts = (path: string): Record<string, string> => JSON.parse(read(path)) as Record<string, string>;

const COMMAND_LINE = /^infrabuilder [a-z]/;
/** Two words beside each other, the second one small: no identifier, path or key looks like that. */
const PROSE = /[A-Za-z]{2,},? [a-z]{2,}/;
/** A literal on one line, without the ones that a template holds. */
const LITERAL = /'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\\n])*)`/g;
/** Text that no person reads in VS Code, or that is not ours to word. */
const NOT_SHOWN = [
  /** Read by a model, not by a person. */
  /^chat\/tools\//,
  /^chat\/prose\.ts$/,
  /** Markup; its texts come with the data. */
  /^dashboard\/html\.ts$/,
];
const NOT_A_TEXT = [
  /** For whoever reads the log of a bug. */
  /(?:log\.\w+|new Error)\($/,
  /** The content of a file. */
  /appendPlaceholder\($/,
  /** Asked of documents that are in English. */
  /answerQuestion\(turn, $/,
];

/** Texts of a source that are shown but not given to `l10n.t`, as `line: text`. */
function unlocalized(source: string): string[] {
  const code = source
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(LITERAL)].flatMap(({ 0: literal, 1: single, 2: double, 3: template, index }) => {
    const said = single ?? double ?? (template ?? '').replace(/\$\{.*\}/g, ' ');
    const before = code.slice(0, index);
    const isNot = template?.includes('l10n.t(') === true || NOT_A_TEXT.some((pattern) => pattern.test(before));
    if (!PROSE.test(said) || COMMAND_LINE.test(said) || isNot || /\bl10n\s*\.t\(\s*$/.test(before)) return [];
    return [`${before.split('\n').length}: ${literal}`];
  });
}

/** What a text leaves open, sorted: `{0}` to fill in, and links to commands. */
function openPlaces(text: string): string[] {
  return [...text.matchAll(/\{\d+\}|\(command:[\w.]+\)/g)].map(([place]) => place).sort();
}

describe('texts of the extension', () => {
  it('the bundle holds exactly what the source says; "node scripts/l10n.mjs" writes it', async () => {
    const { l10nBundle } = (await import(new URL('../../../scripts/l10n.mjs', import.meta.url).href)) as {
      l10nBundle(): string;
    };
    assert.equal(read('l10n/bundle.l10n.json'), l10nBundle());
  });

  it('package.nls.json has every text that package.json refers to, and no other', () => {
    const wanted = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual(Object.keys(texts('package.nls.json')).sort(), [...new Set(wanted)].sort());
  });

  it('a text that is shown without l10n.t is found', () => {
    const slug = '$' + '{slug}';
    assert.deepEqual(unlocalized(`const a = 'Not for you';\nshow(\`The task ${slug} is done.\`);`), [
      "1: 'Not for you'",
      `2: \`The task ${slug} is done.\``,
    ]);
    assert.deepEqual(unlocalized("// Not for you\nl10n.t('For you');\nl10n.t(\n  'For you too');\nid('for.you');"), []);
  });

  it('no source shows a text that cannot be translated', () => {
    const folder = new URL('../../../src/vscode/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !NOT_SHOWN.some((pattern) => pattern.test(file)));
    assert.ok(files.length > 80);
    const found = files.flatMap((file) =>
      unlocalized(readFileSync(new URL(file, folder), 'utf8')).map((text) => `${file}:${text}`),
    );
    assert.deepEqual(found, []);
  });

  for (const [original, translated] of [
    ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.de.json'],
    ['package.nls.json', 'package.nls.de.json'],
  ] as const) {
    it(`${translated} is complete, says nothing else, and leaves the same places open`, () => {
      const [from, to] = [texts(original), texts(translated)];
      assert.deepEqual(Object.keys(to).sort(), Object.keys(from).sort());
      for (const [key, text] of Object.entries(to)) {
        assert.notEqual(text.trim(), '', key);
        assert.deepEqual(openPlaces(text), openPlaces(from[key] ?? ''), key);
      }
    });
  }
});
