import * as vscode from 'vscode';
import type { App } from '../app.ts';

const ID = 'infrabuilder.mcp';

/** Offers `infrabuilder mcp` for each workspace folder, so that agents of VS Code find it without a configuration file. */
export function registerMcp({ cli, context, sessions }: App): readonly vscode.Disposable[] {
  if (vscode.lm?.registerMcpServerDefinitionProvider === undefined) return [];
  const changed = new vscode.EventEmitter<void>();
  const { version } = context.extension.packageJSON as { readonly version: string };
  let known = '';
  const names = (): string => serverFolders().join('\n');
  const serverFolders = (): string[] => {
    if (!vscode.workspace.isTrusted) return [];
    return sessions.workspaces.filter(({ isLocal }) => isLocal).map(({ folder }) => folder.uri.toString());
  };
  const look = (): void => {
    if (names() === known) return;
    known = names();
    changed.fire();
  };
  const provider: vscode.McpServerDefinitionProvider = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () =>
      serverFolders().map((text) => {
        const uri = vscode.Uri.parse(text);
        const name = vscode.workspace.getWorkspaceFolder(uri)?.name ?? uri.fsPath;
        // On the desktop, the extension host's program is Electron: this makes it a plain Node.
        const env = { ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' };
        const args = [cli, 'mcp', '--cwd', uri.fsPath];
        const server = new vscode.McpStdioServerDefinition(
          `InfraBuilder: ${name}`,
          process.execPath,
          args,
          env,
          version,
        );
        server.cwd = uri;
        return server;
      }),
  };
  return [
    changed,
    vscode.lm.registerMcpServerDefinitionProvider(ID, provider),
    sessions.onDidChange(look),
    sessions.onDidClose(look),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
  ];
}
