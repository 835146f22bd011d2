import assert from 'node:assert/strict';
import { progressText } from '../../../src/cli/commands/init.ts';
import type { Stream } from '../../../src/cli/io.ts';

const PIPE: Stream = { color: false, isTerminal: false, write: () => {} };
const TERMINAL: Stream = { ...PIPE, isTerminal: true };
const CLEAR = '\r\u001b[K';

describe('progress of init', () => {
  const said = (stream: Stream, ...lines: string[]) =>
    lines.map((text) => progressText({ kind: 'output', text }, stream)).join('');

  const CLONE = [
    "Cloning into 'agent'...",
    'Receiving objects:  42% (170/404)',
    'Receiving objects: 100% (404/404), 7.65 MiB | 33.75 MiB/s, done.',
  ];

  it('leaves out the steps in which git counts where nobody watches', () => {
    assert.equal(
      said(PIPE, ...CLONE),
      "         Cloning into 'agent'...\n         Receiving objects: 100% (404/404), 7.65 MiB | 33.75 MiB/s, done.\n",
    );
  });

  it('shows them as one line that changes on a terminal', () => {
    assert.equal(
      said(TERMINAL, ...CLONE),
      `${CLEAR}         Cloning into 'agent'...\n${CLEAR}         Receiving objects:  42% (170/404)${CLEAR}         Receiving objects: 100% (404/404), 7.65 MiB | 33.75 MiB/s, done.\n`,
    );
  });

  it('tells a hundred files in one line, and none in a pipe', () => {
    const action = { kind: 'write-file', path: 'Makefile', content: '', executable: false, before: null } as const;
    const step = { kind: 'step', step: 3, steps: 9, action } as const;
    assert.equal(progressText(step, PIPE), '');
    assert.equal(progressText(step, TERMINAL), `${CLEAR}  write    Makefile (3 of 9)`);
  });
});
