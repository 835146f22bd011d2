import * as vscode from 'vscode';
import type { Diagnostics } from '../diagnostics.ts';
import { QuickFixes } from '../quickFixes.ts';
import type { Sessions } from '../sessions.ts';
import { Completions } from './completion.ts';
import type { Describe } from './describe.ts';
import { Hovers } from './hover.ts';
import { Navigation } from './navigation.ts';
import { Outline } from './outline.ts';
import { Renames } from './rename.ts';
import { WorkspaceSymbols } from './workspaceSymbols.ts';

const YAML: vscode.DocumentFilter = { pattern: '**/*.{yaml,yml}' };
const ALL: readonly vscode.DocumentFilter[] = [YAML, { pattern: '**/*.md' }];

/** Everything that helps while somebody reads or writes a file of the workspace. */
export function registerLanguage(
  sessions: Sessions,
  diagnostics: Diagnostics,
  goalLine: Describe,
): readonly vscode.Disposable[] {
  const navigation = new Navigation(sessions);
  const { languages } = vscode;
  return [
    languages.registerHoverProvider(ALL, new Hovers(sessions, goalLine)),
    languages.registerCompletionItemProvider(YAML, new Completions(sessions), ' ', '-', '[', '{'),
    languages.registerDefinitionProvider(ALL, navigation),
    languages.registerReferenceProvider(ALL, navigation),
    languages.registerRenameProvider(ALL, new Renames(sessions)),
    languages.registerDocumentSymbolProvider(YAML, new Outline(sessions)),
    languages.registerWorkspaceSymbolProvider(new WorkspaceSymbols(sessions)),
    languages.registerCodeActionsProvider([...ALL, { pattern: '**/*.go' }], new QuickFixes(sessions, diagnostics), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  ];
}
