export const OPERATORS = ['>=', '<=', '>', '<', '=', '±'] as const;
export type Operator = (typeof OPERATORS)[number];

/**
 * What an acceptance line says in numbers: `topn_capture_ratio ≥ 95% on replay harness` is
 * `{metric: 'topn_capture_ratio', operator: '>=', value: 95, unit: 'percent', where: 'replay harness'}`.
 * `unit` uses the names of `units.ts`, or the word as written where that does not know it.
 */
export interface Expectation {
  readonly metric: string;
  readonly operator: Operator;
  readonly value: number;
  readonly unit?: string;
  readonly where?: string;
}

/** An acceptance line; without `expectation` it is free text that needs a person's judgement. */
export interface AcceptanceLine {
  readonly text: string;
  readonly expectation?: Expectation;
}
