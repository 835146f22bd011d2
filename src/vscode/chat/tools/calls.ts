import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../../core/base/errors.ts';
import { TOOLS } from '../../../core/operations/index.ts';
import type { Operation } from '../../../core/operations/operation.ts';
import type { App } from '../../app.ts';
import { startChild } from '../../runs/child.ts';
import type { Session } from '../../session.ts';
import { signalOf } from '../cancel.ts';
import { ModelSettings } from '../models/settings.ts';
import { requireRun } from '../target.ts';
import { childCall } from './arguments.ts';
import { TOOL_PREFIX } from './rows.ts';

type Input = Readonly<Record<string, unknown>>;

const { l10n } = vscode;

/** Calls of operations by a model, through VS Code. */
export class ToolCalls {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** What changes or runs something says what, and waits for the person. */
  async prepare(tool: string, input: Input): Promise<vscode.PreparedToolInvocation> {
    const { title, description, readOnly } = operationOf(tool);
    const invocationMessage = `InfraBuilder: ${title}`;
    if (readOnly) return { invocationMessage };
    const message = new vscode.MarkdownString();
    message.appendText(`${description} ${await this.#where()}`);
    if (Object.keys(input).length > 0) message.appendCodeblock(JSON.stringify(input, undefined, 2), 'json');
    return { invocationMessage, confirmationMessages: { title: invocationMessage, message } };
  }

  /** The result as JSON text. What was wrong is told to the model, so that it can mend its call. */
  async invoke(tool: string, input: Input, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
    const operation = operationOf(tool);
    try {
      const session = await this.#session();
      const result = await this.#run(session, operation, input, token);
      return textResult(JSON.stringify(result));
    } catch (error) {
      if (error instanceof CancelledError || token.isCancellationRequested) throw new vscode.CancellationError();
      if (!(error instanceof HumanError)) throw error;
      return textResult(`${error.code}: ${[error.message, error.hint ?? ''].join('\n').trim()}`);
    }
  }

  async #run(session: Session, operation: Operation, input: Input, token: vscode.CancellationToken): Promise<unknown> {
    const engine = await requireRun(session);
    const parsed = operation.input.strict().safeParse(input);
    if (!parsed.success) throw new HumanError('tool.bad-input', parsed.error.message);
    const args = childCall(operation.name, parsed.data);
    if (args !== undefined) return this.#child(session, args, token);
    const result = await operation.run(engine, parsed.data, { signal: signalOf(token) });
    if (!operation.readOnly) await session.refresh();
    return result;
  }

  async #child(session: Session, args: readonly string[], token: vscode.CancellationToken): Promise<unknown> {
    const asksModel = args[0] === 'implement';
    let found: unknown;
    const child = startChild({
      cli: this.#app.cli,
      args,
      cwd: session.folder.uri.fsPath,
      env: asksModel ? await new ModelSettings(this.#app.context).environment(session) : undefined,
      onEvent: (event) => {
        if (event.type === 'result') found = event.result;
      },
    });
    const stop = token.onCancellationRequested(() => child.cancel());
    const { stderr } = await child.ended;
    stop.dispose();
    if (token.isCancellationRequested) throw new CancelledError();
    return found ?? failed(stderr);
  }

  /** Where the call itself will be refused, that is told by the call. */
  async #where(): Promise<string> {
    try {
      return l10n.t('Workspace: {0}.', (await this.#session()).folder.name);
    } catch (error) {
      if (error instanceof HumanError) return '';
      throw error;
    }
  }

  /** A call names no workspace, and nobody is there to pick one: of several, it is that of the open editor. */
  async #session(): Promise<Session> {
    const { sessions } = this.#app;
    await Promise.all(sessions.all.map((session) => session.refreshOnce()));
    const open = vscode.window.activeTextEditor?.document.uri;
    const own = open === undefined ? undefined : sessions.find(open)?.session;
    const [only, ...others] = sessions.workspaces;
    if (own !== undefined && sessions.workspaces.includes(own)) return own;
    if (only !== undefined && others.length === 0) return only;
    const names = sessions.workspaces.map(({ folder }) => folder.name).join(', ');
    throw new HumanError(
      'workspace.ambiguous',
      names === ''
        ? l10n.t('No folder of this window is an InfraBuilder workspace.')
        : l10n.t('This window has several workspaces: {0}.', names),
      l10n.t('Open a file of the one that is meant.'),
    );
  }
}

function operationOf(tool: string): Operation {
  const operation = TOOLS.find(({ name }) => tool === `${TOOL_PREFIX}${name}`);
  if (operation === undefined) throw new HumanError('tool.unknown', `There is no tool ${tool}.`);
  return operation;
}

function textResult(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

function failed(stderr: string): never {
  throw new HumanError('tool.failed', stderr.replace(/^error: /, '').trim() || 'The run ended without a result.');
}
