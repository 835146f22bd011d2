import { z } from 'zod';
import type { Engine } from '../engine.ts';
import type { Answer } from '../grounding/answer.ts';
import type { AskRequest } from '../grounding/grounding.ts';
import type { ProviderChoice } from '../grounding/provider.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';

const citationShape = z.object({
  file: z.string(),
  startLine: z.number(),
  endLine: z.number(),
  /** True where the lines are what was cited and a verified claim rests on them. */
  verified: z.boolean(),
  status: z.enum(['valid', 'moved', 'no-file', 'no-lines', 'too-wide', 'stale']),
});

const askShape = z.object({
  schemaVersion,
  question: z.string(),
  /** Markdown, with a mark at every claim that is not borne out. */
  answer: z.string(),
  abstained: z.boolean(),
  citations: z.array(citationShape).readonly(),
  claims: z
    .array(
      z.object({
        text: z.string(),
        verdict: z.enum(['verified', 'unsupported']),
        reasons: z.array(z.string()).readonly(),
        citations: z.array(citationShape.omit({ verified: true })).readonly(),
      }),
    )
    .readonly(),
  nearest: z.array(z.object({ file: z.string(), line: z.number(), heading: z.string() })).readonly(),
  notes: z.array(z.string()).readonly(),
  provider: z.string(),
});
export type AskJson = z.output<typeof askShape>;

/** For a client that is a model itself: it gets passages word for word, and words its own answer. */
export const ask = defineOperation({
  name: 'ask',
  title: 'Ask the documents',
  description:
    'Quotes what blueprint, ADRs, runbook, tasks and evidence say on a question, with citations file#Lx-Ly that were checked.',
  readOnly: true,
  input: z.object({ question: z.string() }),
  output: askShape,
  async run(engine, { question }, { signal }) {
    return askJson(await askWorkspace(engine, { question, choice: { offline: true }, signal }));
  },
});

export interface AskInput extends Pick<AskRequest, 'question' | 'history' | 'signal' | 'onText'> {
  readonly choice: ProviderChoice;
}

/** Asks the chosen provider about the workspace as it is now. */
export async function askWorkspace(engine: Engine, { choice, ...request }: AskInput): Promise<Answer> {
  engine.project.update();
  const { model, note } = await engine.provider(choice, request.signal);
  const answer = await engine.grounding.ask({ ...request, model });
  if (note === undefined) return answer;
  return { ...answer, notes: [`${note} The documents are quoted instead.`, ...answer.notes] };
}

export function askJson(answer: Answer): AskJson {
  const { question, text, abstained, citations, claims, nearest, notes, provider } = answer;
  return {
    schemaVersion: 1,
    question,
    answer: text,
    abstained,
    citations: citations.map(({ file, startLine, endLine, verified, status }) => {
      return { file, startLine, endLine, verified, status };
    }),
    claims: claims.map(({ text, verdict, reasons, citations }) => ({
      text,
      verdict,
      reasons,
      citations: citations.map(({ file, startLine, endLine, status }) => ({ file, startLine, endLine, status })),
    })),
    nearest,
    notes,
    provider,
  };
}
