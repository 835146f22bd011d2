import assert from 'node:assert/strict';
import { readable } from '../../../src/vscode/runs/readable.ts';

describe('what a person reads of a line', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['plain output', 'ok  example.com/app', 'ok  example.com/app'],
    [
      'the output that go wraps',
      '{"Action":"output","Output":"--- PASS: TestX (0.00s)\\n"}',
      '--- PASS: TestX (0.00s)',
    ],
    ['an event of go without output', '{"Action":"run","Test":"TestX"}', undefined],
    ['JSON of another program', '{"level":"info","msg":"started"}', '{"level":"info","msg":"started"}'],
    ['half a line of JSON', '{"Action":"outp', '{"Action":"outp'],
  ];
  for (const [what, line, wanted] of cases) it(what, () => assert.equal(readable(line), wanted));
});
