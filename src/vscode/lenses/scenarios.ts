import type * as vscode from 'vscode';
import { type LensContext, runLenses } from './lens.ts';

/** A scenario runs from the line with its name. */
export function scenarioLenses(context: LensContext): readonly vscode.CodeLens[] {
  const { path, snapshot } = context;
  const scenario = snapshot.scenarios.find(({ file }) => file === path)?.value;
  const parsed = snapshot.source(path)?.parsed;
  if (scenario === undefined || parsed === undefined) return [];
  return runLenses(context, parsed.locateKey(['name']).start.line - 1, { kind: 'scenario', name: scenario.name });
}
