import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConformance } from '../../../src/core/conformance/index.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { clock, issues, trees, verdicts } from './support.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/conformance/twins', import.meta.url));

function twin(name: string): Record<string, string> {
  const read = (path: string) => readFileSync(join(FOLDER, path), 'utf8');
  const paths = readdirSync(join(FOLDER, name), { recursive: true, encoding: 'utf8' }).map((path) =>
    path.split(sep).join('/'),
  );
  return {
    'conformance.yaml': read('conformance.yaml'),
    'docs/blueprint.md': read('docs/blueprint.md'),
    'code/go.mod': 'module example.com/twins\n',
    ...Object.fromEntries(
      paths.filter((path) => path.endsWith('.go')).map((path) => [`code/${path}`, read(`${name}/${path}`)]),
    ),
  };
}

/** `file:line rule` for each comment "want: rule, rule". */
function wanted(files: Record<string, string>): string[] {
  return Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const rules = /(?:\/\/|#) want: (.+)$/.exec(line)?.[1]?.split(', ') ?? [];
      return rules.map((rule) => `${file}:${index + 1} ${rule}`);
    }),
  );
}

async function scan(files: Record<string, string>) {
  return createConformance({ files: memoryFiles(files), trees, clock, source: 'code' }).scan();
}

describe('the seeded twin and the clean one', () => {
  it('every seeded violation is found at its line, and nothing else', async () => {
    const files = twin('seeded');
    const report = await scan(files);
    const found = report.violations.map(({ file, range, rule }) => `${file}:${range.start.line} ${rule}`);
    assert.deepEqual(found.sort(), wanted(files).sort());
    assert.deepEqual(issues(report), ['code/legacy/legacy.go:1:1 conformance.unattached']);
  });

  it('every rule of the file is broken by some seed', async () => {
    const report = await scan(twin('seeded'));
    assert.deepEqual(
      Object.entries(verdicts(report)).filter(([, verdict]) => verdict !== 'fail'),
      [],
    );
    assert.deepEqual(new Set(report.rules.map(({ kind }) => kind)).size, 8, 'every kind of rule');
  });

  it('the clean twin breaks nothing', async () => {
    const report = await scan(twin('clean'));
    assert.deepEqual(
      report.violations.map(({ file, range, rule }) => `${file}:${range.start.line} ${rule}`),
      [],
    );
    assert.deepEqual([report.verdict, new Set(Object.values(verdicts(report)))], ['pass', new Set(['pass'])]);
  });
});
