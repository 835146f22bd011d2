import type { BootstrapAction } from './action.ts';

export type BootstrapProgress =
  | { readonly kind: 'step'; readonly step: number; readonly steps: number; readonly action: BootstrapAction }
  /** A line of a program, without passwords. */
  | { readonly kind: 'output'; readonly text: string };

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BootstrapProgress) => void;
}
