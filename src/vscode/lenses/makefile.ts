import type * as vscode from 'vscode';
import type { RunRequest } from '../runs/run.ts';
import { type LensContext, runLenses } from './lens.ts';

const MAKEFILE = /(^|\/)(GNUmakefile|[Mm]akefile|[^/]+\.mk)$/;
const TARGET = /^([A-Za-z0-9][\w.-]*)\s*:(?![=:])/;

/** Targets that call InfraBuilder, or that are called as a check is. */
export function makefileLenses(context: LensContext): readonly vscode.CodeLens[] {
  if (!MAKEFILE.test(context.path)) return [];
  const lines = context.document.getText().split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const target = TARGET.exec(line)?.[1];
    if (target === undefined) return [];
    const end = lines.findIndex((other, index) => index > at && other.trim() !== '' && !other.startsWith('\t'));
    const recipe = lines.slice(at + 1, end < 0 ? undefined : end).join('\n');
    const request = requestOf(target, recipe, Object.keys(context.snapshot.config.checks));
    return request === undefined ? [] : runLenses(context, at, request);
  });
}

function requestOf(target: string, recipe: string, checks: readonly string[]): RunRequest | undefined {
  if (/\binfrabuilder\)?\s+verify\b|\$\(INFRABUILDER\)\s+verify\b/i.test(recipe)) return { kind: 'verify' };
  const scenario = /\be2e\s+run\b[^\n]*?--scenario[= ]([\w.-]+)/.exec(recipe)?.[1];
  if (scenario !== undefined) return { kind: 'scenario', name: scenario };
  const called = /\bcheck\s+([a-z][\w-]*)/.exec(recipe)?.[1] ?? target;
  return checks.includes(called) ? { kind: 'check', name: called } : undefined;
}
