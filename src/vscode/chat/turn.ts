import type { CancellationToken } from 'vscode';
import type { Turn } from '../../core/grounding/prompt.ts';
import type { LanguageModel } from '../../core/ports.ts';
import type { App } from '../app.ts';
import type { Session } from '../session.ts';
import type { Output } from './output.ts';

/** One request to a chat command, from the chat view or from the palette. */
export interface ChatTurn {
  readonly app: App;
  readonly session: Session;
  /** What the person wrote behind the command. */
  readonly prompt: string;
  readonly output: Output;
  /** Who words answers; without one the documents are quoted. */
  readonly model: LanguageModel | undefined;
  /** Earlier questions of the conversation, the latest last. */
  readonly history: readonly Turn[];
  readonly signal: AbortSignal;
  readonly token: CancellationToken;
}

/** What is remembered of an answer, for follow-ups and for questions that refer to it. */
export interface ChatMemory {
  /** The answer as text. */
  readonly answer?: string;
  readonly followups?: readonly Followup[];
}

export interface Followup {
  /** A command of the table; a free question where undefined. */
  readonly command?: string;
  readonly prompt: string;
  readonly label: string;
}

/** Answers one request, writing to `turn.output`. Throws HumanError for what the person can mend, CancelledError. */
export type ChatCommand = (turn: ChatTurn) => Promise<ChatMemory>;
