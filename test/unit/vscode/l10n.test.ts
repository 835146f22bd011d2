import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('texts of the extension', () => {
  it('the bundle holds exactly what the source says; "node scripts/l10n.mjs" writes it', async () => {
    const { l10nBundle } = (await import(new URL('../../../scripts/l10n.mjs', import.meta.url).href)) as {
      l10nBundle(): string;
    };
    assert.equal(read('l10n/bundle.l10n.json'), l10nBundle());
  });

  it('package.nls.json has every text that package.json refers to, and no other', () => {
    const wanted = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual(Object.keys(JSON.parse(read('package.nls.json')) as object).sort(), [...new Set(wanted)].sort());
  });
});
