import { chunkDocument } from '../../../src/core/grounding/chunk.ts';
import type { GoalFacts } from '../../../src/core/grounding/facts.ts';
import { createGrounding, type Grounding } from '../../../src/core/grounding/grounding.ts';
import type { Source } from '../../../src/core/grounding/verify.ts';
import type { LanguageModel, ModelRequest } from '../../../src/core/ports.ts';
import { createProject, type Project } from '../../../src/core/project/project.ts';
import { type MemoryContent, type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';

export function sourceOf(file: string, ...lines: readonly string[]): Source {
  const text = lines.join('\n');
  return { ...chunkDocument(file, text), digest: `digest of ${text.length} characters` };
}

/** The documents by path, as `verifyClaim` takes them. */
export function sourcesOf(documents: Readonly<Record<string, readonly string[]>>): Map<string, Source> {
  return new Map(Object.entries(documents).map(([file, lines]) => [file, sourceOf(file, ...lines)]));
}

export interface Bench {
  readonly files: MemoryFiles;
  readonly project: Project;
  readonly grounding: Grounding;
}

/** Grounding over documents in memory, at a time when all of them are old. */
export function groundingOver(content: Readonly<Record<string, MemoryContent>>, facts?: GoalFacts): Bench {
  const files = memoryFiles(content);
  const project = createProject(files);
  const clock = { now: () => new Date('2026-11-22T12:00:00Z'), monotonic: () => 0 };
  return { files, project, grounding: createGrounding({ files, clock, project, facts }) };
}

/** A model that says what it is told to, in pieces of a few characters, and keeps what it was asked. */
export function modelThatSays(text: string): LanguageModel & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    name: 'scripted',
    asked,
    async respond(request) {
      asked.push(request);
      for (const piece of text.match(/[\s\S]{1,7}/g) ?? []) request.onText?.(piece);
      return { text, toolCalls: [], stop: 'end', usage: { inputTokens: 1, outputTokens: 2 } };
    },
  };
}
