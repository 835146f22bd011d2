import * as vscode from 'vscode';
import { HumanError, throwIfCancelled } from '../../core/base/errors.ts';
import { unknownFigures } from '../../core/documents/generate.ts';
import { readMarkers } from '../../core/documents/markers.ts';
import type { Engine } from '../../core/engine.ts';
import { formatCitation } from '../../core/grounding/citation.ts';
import type { CheckedClaim } from '../../core/grounding/verify.ts';
import { taskProse } from '../../core/operations/taskDocument.ts';
import type { LanguageModel } from '../../core/ports.ts';
import type { ReportKind } from '../../core/project/documents.ts';

const { l10n } = vscode;

export interface FillRequest {
  readonly engine: Engine;
  readonly model: LanguageModel;
  readonly slug: string;
  readonly kind: ReportKind;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** What the generator left for a person, and a person has not touched: `_Room for prose: ..._`. */
const ROOM = /^_Room for prose: ([^_]+)_$/;
/** Anything else is the person's own. */
const OWN = 'notes';

/**
 * Lets a model fill the places that are still empty. Only statements that the cited lines bear out get in, and no figure
 * that the document has not measured. Returns a line on each place.
 */
export async function fillPlaces(request: FillRequest): Promise<string[]> {
  const { engine, file, signal, onProgress } = request;
  const text = (await engine.files.read(file)) ?? '';
  const told: string[] = [];
  for (const segment of readMarkers(text, file).segments) {
    if (segment.kind !== 'prose' || segment.name === OWN) continue;
    const [, wanted] = ROOM.exec(segment.lines.join(' ').trim()) ?? [];
    if (wanted === undefined) continue;
    throwIfCancelled(signal);
    onProgress(l10n.t('Asking the model about {0}', segment.name));
    try {
      told.push(await fill(request, text, segment.name, wanted));
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof HumanError)) throw error;
      // The document stands without prose; a model that fails once is not asked again.
      told.push(l10n.t('{0}: left to you. {1}', segment.name, error.message));
      break;
    }
  }
  return told;
}

async function fill(request: FillRequest, text: string, place: string, wanted: string): Promise<string> {
  const { engine, model, slug, kind, file, signal } = request;
  const question = `For the ${kind} of the task ${slug}: ${wanted}`;
  const { claims } = await engine.grounding.ask({ question, model, signal });
  const good = claims.filter(({ verdict, text: claim }) => {
    return verdict === 'verified' && unknownFigures(text, file, claim).length === 0;
  });
  if (good.length === 0) return l10n.t('{0}: left to you. The model said nothing that is borne out.', place);
  const prose = good.map(sentence).join('\n\n');
  await taskProse.run(engine, { slug, document: kind, place, text: prose }, { signal });
  return l10n.t('{0}: {1} verified statements, {2} left out.', place, good.length, claims.length - good.length);
}

function sentence({ text, citations }: CheckedClaim): string {
  return `${text.replace(/\s+/g, ' ').trim()} [${citations.map(formatCitation).join('; ')}]`;
}
