import { tooLarge } from '../budget.ts';
import { guardContent } from '../guards/content.ts';
import { isBelow } from '../guards/path.ts';
import { type EditRules, guardWrite } from '../guards/place.ts';
import { type Refusal, refusal } from '../guards/refusal.ts';
import { syntaxFaults } from '../syntax.ts';
import { shortDigest } from '../text.ts';
import { refused, type ToolContext, type ToolOutcome } from './tool.ts';

/** Characters of one edit and of one new file. */
export const LONGEST_TEXT = 60_000;

/** The path of a file that may be written, and its text; or why it may not. */
export async function openForWriting(
  given: string,
  { desk }: ToolContext,
): Promise<{ readonly path: string; readonly text: string | undefined } | Refusal> {
  const { files, bench, rules } = desk;
  const guarded = await guardWrite(given, rules, { files, before: (path) => bench.before(path) });
  if ('code' in guarded) return guarded;
  const { path } = guarded;
  try {
    return { path, text: await files.read(path) };
  } catch (error) {
    return refusal(
      'edit.unreadable',
      `${path} cannot be edited: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Puts a text in its place where it holds what the rules ask for and the change stays within the budget; `done` says what
 * happened. `before` is what the file must still hold.
 */
export async function putText(
  path: string,
  before: string | undefined,
  text: string,
  context: ToolContext,
  done: string,
): Promise<ToolOutcome> {
  const { desk, budget } = context;
  const base = await desk.bench.before(path);
  const content = guardContent(path, base, text, desk.findTampering);
  if (content !== undefined) return refused(content);
  const faults = await newFaults(path, before ?? '', text, context);
  if (faults !== undefined) return refused(faults);
  await desk.files.write(path, text, { expected: before ?? null });
  const takeBack = () =>
    before === undefined ? desk.files.remove(path) : desk.files.write(path, before, { expected: text });
  const changes = await desk.bench.changes();
  if (text !== base && !changes.some((change) => change.path === path)) {
    await takeBack();
    return refused(
      refusal('guard.ignored', `git ignores ${path}, so it would be no part of the change. Nothing was changed.`),
    );
  }
  const why = tooLarge(budget, changes.filter(isOwn(desk.rules)));
  if (why !== undefined) {
    await takeBack();
    return { kind: 'too-large', why };
  }
  return { kind: 'written', path, text: `${done} New digest: ${await shortDigest(text)}.` };
}

/** Documents and evidence of the machine do not count against the model's budget. */
function isOwn({ source, documents, closed }: EditRules): (change: { readonly path: string }) => boolean {
  return ({ path }) => {
    if (documents.includes(path)) return true;
    return isBelow(path, source) && !closed.some((folder) => folder !== '.' && isBelow(path, folder));
  };
}

/** An edit may leave an old fault, and make none. */
async function newFaults(
  path: string,
  before: string,
  text: string,
  { desk }: ToolContext,
): Promise<Refusal | undefined> {
  const faults = await syntaxFaults(desk, path, text);
  if (faults === undefined || faults.length === 0) return undefined;
  const old = (await syntaxFaults(desk, path, before)) ?? [];
  if (faults.length <= old.length) return undefined;
  const [first] = faults;
  const where =
    first === undefined ? path : `${path}:${first.line}:${first.column}: near ${JSON.stringify(first.text)}`;
  return refusal(
    'edit.syntax',
    `The text would not parse. ${where}. Nothing was changed; the digest is still the same.`,
  );
}
