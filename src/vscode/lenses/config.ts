import type * as vscode from 'vscode';
import { goalLens, type LensContext, runLenses } from './lens.ts';

/** Checks and goals of `infrabuilder.yaml`. */
export function configLenses(context: LensContext): readonly vscode.CodeLens[] {
  const { path, snapshot } = context;
  if (path !== snapshot.configFile) return [];
  const parsed = snapshot.source(path)?.parsed;
  const value = parsed?.value as Partial<typeof snapshot.config> | undefined;
  if (parsed === undefined || value === undefined) return [];
  const line = (at: readonly (string | number)[]): number => parsed.locateKey(at).start.line - 1;
  return [
    ...Object.keys(value.checks ?? {}).flatMap((name) =>
      runLenses(context, line(['checks', name]), { kind: 'check', name }),
    ),
    ...(value.goals ?? []).flatMap(({ id }, at) => goalLens(context, line(['goals', at, 'id']), id)),
  ];
}
