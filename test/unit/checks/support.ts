import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsers } from '../../../src/core/checks/parsers/index.ts';
import type { ParserResult, ParserRun } from '../../../src/core/checks/parsers/parser.ts';
import { type Check, checkSchema, type ParserName } from '../../../src/core/model/check.ts';
import type { Issue } from '../../../src/core/model/issue.ts';
import { FILE_START } from '../../../src/core/model/source.ts';

/** Output of a real tool: recorded once, with paths moved to /ws. */
export function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8');
}

type RunPart = Omit<Partial<ParserRun>, 'check'> & { readonly check?: Partial<Check> };

/** A run in `/ws/agent`, the folder of the Go module `example.com/cases`. */
export function parserRun(parser: ParserName, part: RunPart = {}): ParserRun {
  return {
    name: 'example',
    cwd: 'agent',
    root: '/ws',
    stdout: '',
    stderr: '',
    exitCode: 0,
    outcome: 'exited',
    truncated: false,
    definition: { file: 'infrabuilder.yaml', range: FILE_START },
    modules: [{ path: 'example.com/cases', dir: 'agent' }],
    thresholds: {},
    ...part,
    check: checkSchema.parse({ run: ['tool'], parser, cwd: 'agent', ...part.check }),
  };
}

export function parse(parser: ParserName, part: RunPart): ParserResult {
  return parsers[parser](parserRun(parser, part));
}

/** `agent/a.go:4:9: error check.code: message`, one string an issue. */
export function shown(issues: readonly Issue[]): string[] {
  return issues.map(({ file, range, severity, code, message }) => {
    return `${file}:${range.start.line}:${range.start.column}: ${severity} ${code}: ${message}`;
  });
}
