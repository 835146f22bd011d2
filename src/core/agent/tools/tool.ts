import { z } from 'zod';
import type { Budget } from '../../model/implementation.ts';
import type { ModelTool } from '../../ports.ts';
import type { Desk } from '../desk.ts';
import type { Refusal } from '../guards/refusal.ts';

export interface ToolContext {
  readonly desk: Desk;
  readonly budget: Budget;
  readonly signal: AbortSignal;
}

export type ToolOutcome =
  | { readonly kind: 'result'; readonly text: string }
  /** A file of the copy was written: the step is to be kept. */
  | { readonly kind: 'written'; readonly path: string; readonly text: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The change was taken back, because it breaks the budget: the run ends. */
  | { readonly kind: 'too-large'; readonly why: string }
  | { readonly kind: 'verify'; readonly summary: string }
  | { readonly kind: 'conflict'; readonly reason: string };

/** One thing that a model can ask for. A new tool is a file beside this one and a line in `index.ts`. */
export interface Tool<I extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly input: I;
  run(input: z.output<I>, context: ToolContext): Promise<ToolOutcome>;
}

export function defineTool<I extends z.ZodObject>(tool: Tool<I>): Tool<I> {
  return Object.freeze(tool);
}

export function result(text: string): ToolOutcome {
  return { kind: 'result', text };
}

export function refused(refusal: Refusal): ToolOutcome {
  return { kind: 'refused', refusal };
}

/** As a model is offered it. */
export function offered({ name, description, input }: Tool): ModelTool {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { target: 'draft-7', io: 'input' });
  return { name, description, input: schema };
}
