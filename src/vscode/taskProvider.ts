import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';

export const TASK_TYPE = 'infrabuilder';

interface Definition extends vscode.TaskDefinition {
  readonly command: 'check' | 'verify';
  /** A check, or a goal. */
  readonly name?: string;
}

/** Every check and the checkpoint as a task, with their problems in the Problems pane. */
export class Tasks implements vscode.TaskProvider {
  readonly #sessions: Sessions;
  readonly #cli: string;

  /** `cli`: absolute path of the command line's bundle. */
  constructor(cli: string, sessions: Sessions) {
    this.#cli = cli;
    this.#sessions = sessions;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const found: vscode.Task[] = [];
    for (const session of this.#sessions.workspaces.filter(({ isLocal }) => isLocal)) {
      const { config } = await session.snapshot();
      for (const name of Object.keys(config.checks)) {
        found.push(this.#task({ type: TASK_TYPE, command: 'check', name }, session.folder));
      }
      found.push(this.#task({ type: TASK_TYPE, command: 'verify' }, session.folder));
    }
    return found;
  }

  resolveTask({ definition, scope }: vscode.Task): vscode.Task | undefined {
    const { command } = definition as Partial<Definition>;
    if (command !== 'check' && command !== 'verify') return undefined;
    const folder = isFolder(scope) ? scope : vscode.workspace.workspaceFolders?.[0];
    return folder === undefined ? undefined : this.#task(definition as Definition, folder);
  }

  #task(definition: Definition, folder: vscode.WorkspaceFolder): vscode.Task {
    const { command, name } = definition;
    const words = name === undefined ? [] : command === 'check' ? [name] : ['--goal', name];
    const options = { cwd: folder.uri.fsPath, env: { ELECTRON_RUN_AS_NODE: '1' } };
    const execution = new vscode.ProcessExecution(process.execPath, [this.#cli, command, ...words], options);
    const title = [command, name].filter((word) => word !== undefined).join(' ');
    const task = new vscode.Task(definition, folder, title, 'infrabuilder', execution, ['$infrabuilder']);
    if (command === 'check' && name === 'test') task.group = vscode.TaskGroup.Test;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
    return task;
  }
}

function isFolder(scope: vscode.Task['scope']): scope is vscode.WorkspaceFolder {
  return typeof scope === 'object';
}
