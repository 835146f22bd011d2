import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import type { ToolCalls } from './calls.ts';

type Input = Readonly<Record<string, unknown>>;

/** Registers the tools that package.json contributes. Operations load with the first call. */
export function registerTools(app: App): readonly vscode.Disposable[] {
  if (vscode.lm?.registerTool === undefined) return [];
  let loaded: Promise<ToolCalls> | undefined;
  const load = (): Promise<ToolCalls> => {
    loaded ??= import('./calls.ts').then((code) => new code.ToolCalls(app));
    return loaded;
  };
  const { contributes } = app.context.extension.packageJSON as {
    readonly contributes: { readonly languageModelTools: readonly { readonly name: string }[] };
  };
  return contributes.languageModelTools.map(({ name }) =>
    vscode.lm.registerTool<Input>(name, {
      prepareInvocation: async ({ input }) => (await load()).prepare(name, input),
      invoke: async ({ input }, token) => (await load()).invoke(name, input, token),
    }),
  );
}
