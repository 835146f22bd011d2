import * as vscode from 'vscode';
import { BASE_URL_VARIABLE, MODEL_VARIABLE, type ProviderChoice } from '../../../core/grounding/provider.ts';
import { KEY_VARIABLE } from '../../../core/model/modelKey.ts';
import type { Session } from '../../session.ts';
import { originOf } from './origin.ts';

/** Under this name VS Code knows our models. */
export const VENDOR = 'infrabuilder';
const SECTION = 'infrabuilder.llm';

/** The endpoint of a model as the person's settings, the environment or a trusted workspace name it, with its key. */
export class ModelSettings {
  readonly #secrets: vscode.SecretStorage;

  constructor({ secrets }: Pick<vscode.ExtensionContext, 'secrets'>) {
    this.#secrets = secrets;
  }

  /** The settings are those of the machine: no workspace can name an endpoint that a key is sent to. */
  get baseUrl(): string {
    return vscode.workspace.getConfiguration(SECTION).get('baseUrl', '').trim();
  }

  get model(): string {
    return vscode.workspace.getConfiguration(SECTION).get('model', '').trim();
  }

  async setBaseUrl(baseUrl: string): Promise<void> {
    await vscode.workspace.getConfiguration(SECTION).update('baseUrl', baseUrl, vscode.ConfigurationTarget.Global);
  }

  /** A key belongs to one service: it is kept under the origin of its URL, and sent nowhere else. */
  async key(baseUrl: string): Promise<string | undefined> {
    const origin = originOf(baseUrl);
    return origin === undefined ? undefined : this.#secrets.get(secretName(origin));
  }

  async setKey(baseUrl: string, key: string | undefined): Promise<void> {
    const origin = originOf(baseUrl);
    if (origin === undefined) return;
    if (key === undefined) await this.#secrets.delete(secretName(origin));
    else await this.#secrets.store(secretName(origin), key);
  }

  /** Whom to ask. A workspace that is not trusted names nobody. */
  async choice(session: Session): Promise<ProviderChoice> {
    const named = this.baseUrl || process.env[BASE_URL_VARIABLE] || '';
    const model = this.model || undefined;
    if (named === '' && !vscode.workspace.isTrusted) return { offline: true };
    const baseUrl = named || (await session.snapshot()).config.llm?.baseUrl || '';
    const apiKey = baseUrl === '' ? undefined : await this.key(baseUrl);
    // A key that a person gave for this service makes the endpoint theirs, whoever named it.
    const own = this.baseUrl !== '' || apiKey !== undefined;
    return { ...(own && { baseUrl }), ...(baseUrl !== '' && { model, apiKey }) };
  }

  /** For a command line that asks a model: its environment, because arguments can be read by everybody on the machine. */
  async environment(session: Session): Promise<Readonly<Record<string, string>>> {
    const { baseUrl, model, apiKey } = await this.choice(session);
    return {
      ...(baseUrl && { [BASE_URL_VARIABLE]: baseUrl }),
      ...(model && { [MODEL_VARIABLE]: model }),
      ...(apiKey && { [KEY_VARIABLE]: apiKey }),
    };
  }

  /** Fires when the endpoint, the model or a key has changed. */
  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SECTION)) listener();
      }),
      this.#secrets.onDidChange(listener),
    );
  }
}

function secretName(origin: string): string {
  return `${SECTION}.key ${origin}`;
}
