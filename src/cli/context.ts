import type { Engine } from '../core/engine.ts';
import type { Io } from './io.ts';
import { findWorkspace, nearestWorkspace } from './workspace.ts';

/** Makes the engine of a workspace. `start` is where the person stands: relative names that they give count from there. */
export type OpenEngine = (root: string, start: string) => Engine;

export interface GlobalOptions {
  readonly cwd?: string;
}

/** Where the workspace that is served may be, as absolute paths: what was named, and what is around the terminal. */
export interface McpRequest {
  readonly given: string | undefined;
  readonly here: string | undefined;
  open(root: string): Engine;
}

/** Serves MCP until the client leaves; given by the entry point, because no surface knows another. */
export type ServeMcp = (request: McpRequest, signal: AbortSignal) => Promise<void>;

/** What a command's action gets: the terminal, and the engine of the workspace that was named or found. */
export class Context {
  readonly io: Io;
  readonly open: OpenEngine;
  readonly serveMcp: ServeMcp;
  exitCode = 0;

  constructor(io: Io, open: OpenEngine, serveMcp: ServeMcp) {
    this.io = io;
    this.open = open;
    this.serveMcp = serveMcp;
  }

  engine(options: GlobalOptions): Engine {
    return this.open(findWorkspace(this.io.cwd, options.cwd), this.io.cwd);
  }

  /** As `engine`; where there is no workspace, that of the folder itself. */
  engineOrHere(options: GlobalOptions): Engine {
    const root =
      options.cwd === undefined
        ? (nearestWorkspace(this.io.cwd) ?? this.io.cwd)
        : findWorkspace(this.io.cwd, options.cwd);
    return this.open(root, this.io.cwd);
  }

  /** Prose and progress. */
  say(text: string): void {
    this.io.err.write(text);
  }

  /** Results. */
  print(text: string): void {
    this.io.out.write(text);
  }

  printJson(value: unknown): void {
    this.print(`${JSON.stringify(value, undefined, 2)}\n`);
  }
}
