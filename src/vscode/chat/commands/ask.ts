import * as vscode from 'vscode';
import { HumanError, throwIfCancelled } from '../../../core/base/errors.ts';
import type { Answer } from '../../../core/grounding/answer.ts';
import type { LanguageModel } from '../../../core/ports.ts';
import { CitedText } from '../cited.ts';
import { groundingOf, mayRun } from '../reading.ts';
import { safeMarkdown } from '../safe.ts';
import type { ChatMemory, ChatTurn, Followup } from '../turn.ts';

const { l10n } = vscode;

/** A free question. */
export async function ask(turn: ChatTurn): Promise<ChatMemory> {
  if (turn.prompt.trim() === '') return help(turn);
  const answer = await answerQuestion(turn, turn.prompt);
  return { answer: answer.text, followups: followupsOf(answer) };
}

/** Streams a checked answer with its citations, and says who answered and what is not borne out. */
export async function answerQuestion(turn: ChatTurn, question: string): Promise<Answer> {
  const { session, output, model, signal } = turn;
  output.progress(l10n.t('Reading the documents'));
  const { project } = await session.load();
  project.update();
  const answered = (who: LanguageModel | undefined): Promise<Answer> => stream(turn, question, who);
  let answer: Answer;
  try {
    answer = await answered(model);
  } catch (error) {
    throwIfCancelled(signal);
    if (model === undefined || !(error instanceof HumanError) || !error.code.startsWith('model.')) throw error;
    const told = [error.message, error.hint ?? ''].join(' ').trim();
    output.markdown(`\n\n${safeMarkdown(told)} ${l10n.t('The documents are quoted instead.')}\n\n`);
    answer = await answered(undefined);
  }
  for (const citation of answer.citations) if (citation.verified) output.reference(session, citation);
  output.markdown(`\n\n${closing(answer)}`);
  if (!mayRun(session)) output.markdown(`\n\n${l10n.t('Evidence is not read in a workspace that you do not trust.')}`);
  return answer;
}

async function stream({ session, output, history, signal }: ChatTurn, question: string, model?: LanguageModel) {
  const grounding = await groundingOf(session);
  const text = new CitedText(output, session, grounding);
  const answer = await grounding.ask({ question, history, model, signal, onText: text.write });
  await text.end();
  return answer;
}

function closing({ claims, notes, provider }: Answer): string {
  const verified = claims.filter(({ verdict }) => verdict === 'verified').length;
  const said = safeMarkdown(l10n.t('{0}: {1} of {2} statements verified.', provider, verified, claims.length));
  const lines = notes.map((note) => `- ${safeMarkdown(note)}`);
  const marked =
    verified === claims.length
      ? ''
      : ` **${l10n.t('What is not borne out by the cited lines is marked as unsupported.')}**`;
  return [...(lines.length === 0 ? [] : [...lines, '']), `_${said}_${marked}`].join('\n');
}

function followupsOf({ text, abstained, nearest }: Answer): Followup[] {
  const [, goal] = /\*\*(G-[\w-]+) [^*]*: fail\*\*/.exec(text) ?? [];
  if (goal !== undefined) {
    return [
      { command: 'why', prompt: goal, label: l10n.t('Show the root cause of {0}', goal) },
      { command: 'next', prompt: '', label: l10n.t('What is the next step?') },
    ];
  }
  if (!abstained) return [];
  return nearest.slice(0, 2).map(({ heading }) => {
    const last = heading.split(' > ').at(-1) ?? heading;
    return { prompt: l10n.t('What does "{0}" say?', last), label: last };
  });
}

function help({ output }: ChatTurn): ChatMemory {
  output.markdown(l10n.t('Ask anything about this workspace: the answer quotes and cites its documents and evidence.'));
  return {
    followups: [
      { command: 'goals', prompt: '', label: l10n.t('Where do the goals stand?') },
      { command: 'next', prompt: '', label: l10n.t('What is the next step?') },
    ],
  };
}
