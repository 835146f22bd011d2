import * as vscode from 'vscode';
import type { TaskStatus } from '../../core/model/task.ts';
import type { CompleteJson, PersonInput } from '../../core/operations/complete.ts';
import type { App } from '../app.ts';
import type { Loaded, Session } from '../session.ts';
import { isTaskNode } from '../views/tasks.ts';
import { personalOf } from './personal.ts';
import { orCancelled, pickRunnable } from './pick.ts';
import { askPerson } from './signOff.ts';
import { tell } from './tell.ts';

const { l10n } = vscode;

type Engine = NonNullable<Loaded['engine']>;

interface Target {
  readonly session: Session;
  readonly engine: Engine;
  readonly core: Loaded['core'];
  readonly slug: string;
}

/** Moves a pending task to in_progress. */
export async function taskOpen(app: App, node?: unknown): Promise<void> {
  const { engine, core, slug, session } = await target(app, node, ['pending', 'in_progress']);
  const { file } = await core.taskOpen.run(engine, { slug }, {});
  await show(session, file);
}

export async function taskReopen(app: App, node?: unknown): Promise<void> {
  const { engine, core, slug, session } = await target(app, node, ['done']);
  const { file } = await core.reopenTask(engine, slug);
  await show(session, file);
}

export const taskPlan = (app: App, node?: unknown): Promise<void> => document(app, node, 'plan');
export const taskArch = (app: App, node?: unknown): Promise<void> => document(app, node, 'arch');
export const taskResult = (app: App, node?: unknown): Promise<void> => document(app, node, 'result');

/** The only way into done: the gate says all that is missing at once. Returns its answer. */
export async function taskComplete(app: App, node?: unknown): Promise<CompleteJson> {
  return askGate(app, await target(app, node, ['in_progress', 'pending']));
}

/** `person`: what a person gives by name, beside the evidence. */
async function askGate(app: App, asked: Target, person?: PersonInput): Promise<CompleteJson> {
  const { engine, core, slug, session } = asked;
  const title = l10n.t('Asking the gate about {0}', slug);
  const options = { location: vscode.ProgressLocation.Notification, title };
  const result = await vscode.window.withProgress(options, async () => {
    const given = await core.completeTask(engine, slug, person);
    if (person === undefined || !isOwnDoing(given)) return given;
    await core.taskDocument.run(engine, { slug, document: 'result' }, {});
    return core.completeTask(engine, slug);
  });
  session.changed([result.file]);
  if (result.completed) void vscode.window.showInformationMessage(l10n.t('{0} is done.', slug));
  else refuse(app, asked, result).catch((error: unknown) => tell(error, app.log));
  return result;
}

/** A sign-off makes the result document older than what it describes; that alone is no reason to send a person away. */
function isOwnDoing({ slug, missing }: CompleteJson): boolean {
  return missing.length > 0 && missing.every(({ mend }) => mend === `infrabuilder task result ${slug}`);
}

/** Where only a person's word is missing, they are asked for it; else all that is missing is listed. */
async function refuse(app: App, asked: Target, result: CompleteJson): Promise<void> {
  const personal = personalOf(result);
  if (!personal.isAll) return explain(result, asked.session);
  const [sign, list] = [l10n.t('Sign Off...'), l10n.t('Show what is missing')];
  const message = l10n.t('{0} is proven as far as machines can; the rest is for a person to decide.', asked.slug);
  const detail = result.missing.map((one) => one.message).join('\n');
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, sign, list);
  if (chosen === list) return explain(result, asked.session);
  if (chosen === sign) await askGate(app, asked, await askPerson(asked.slug, personal, asked.engine));
}

/** Says what comes next for a task, and offers to do it. */
export async function taskNext(app: App, node?: unknown): Promise<void> {
  const { engine, core, slug, session } = await target(app, node, ['pending', 'in_progress', 'done']);
  const next = await core.taskNext.run(engine, { slug }, {});
  const take = l10n.t('Take this step');
  const command = STEP_COMMANDS[next.step];
  const text = [l10n.t('{0}, next: {1}.', slug, next.step), next.why, ...next.blockers].join(' ');
  const choices = command === undefined || next.blockers.length > 0 ? [] : [take];
  void vscode.window.showInformationMessage(text, ...choices).then((chosen) => {
    if (chosen === take) void vscode.commands.executeCommand(`infrabuilder.${command}`, { session, slug });
  });
}

/** Commands that take a step, by its name. */
export const STEP_COMMANDS: Readonly<Record<string, string>> = {
  open: 'taskOpen',
  plan: 'taskPlan',
  arch: 'taskArch',
  test: 'verify',
  integration: 'verify',
  verify: 'verify',
  result: 'taskResult',
  complete: 'taskComplete',
};

async function document(app: App, node: unknown, kind: 'plan' | 'arch' | 'result'): Promise<void> {
  const { engine, core, slug, session } = await target(app, node, ['in_progress', 'pending', 'done']);
  const written = await core.taskDocument.run(engine, { slug, document: kind }, {});
  app.diagnostics.set(session, `${kind} of ${slug}`, written.issues);
  await show(session, written.file);
}

/** All that is missing, each with what mends it: taken at once where it is a command of ours, else copied. */
async function explain({ slug, missing }: CompleteJson, session: Session): Promise<void> {
  const items = missing.map(({ message, mend }) => ({ label: `$(error) ${message}`, detail: mend, mend }));
  const title = l10n.t('{0} cannot be completed: {1} missing', slug, missing.length);
  const placeHolder = l10n.t('Enter takes the step, or copies what mends it');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
  if (chosen === undefined) return;
  const step = /^infrabuilder (?:task )?(open|plan|arch|result|verify)\b/.exec(chosen.mend)?.[1];
  const command = step === undefined ? undefined : STEP_COMMANDS[step];
  if (command === undefined) await vscode.env.clipboard.writeText(chosen.mend);
  else await vscode.commands.executeCommand(`infrabuilder.${command}`, { session, slug });
}

async function target(app: App, node: unknown, statuses: readonly TaskStatus[]): Promise<Target> {
  const session = await pickRunnable(app, node);
  const { engine, core } = await session.load();
  if (engine === undefined) throw new vscode.CancellationError();
  const { tasks } = await session.snapshot();
  const slugs = tasks.filter(({ status }) => statuses.includes(status)).map(({ slug }) => slug);
  const slug =
    slugOf(node) ?? (await orCancelled(vscode.window.showQuickPick(slugs, { placeHolder: l10n.t('Which task?') })));
  return { session, engine, core, slug };
}

function slugOf(node: unknown): string | undefined {
  if (isTaskNode(node)) return node.row.slug;
  return typeof node === 'object' && node !== null && 'slug' in node ? String(node.slug) : undefined;
}

async function show(session: Session, file: string): Promise<void> {
  session.changed([file]);
  await vscode.window.showTextDocument(session.uri(file), { preview: true });
}
