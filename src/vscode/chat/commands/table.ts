import type { ChatCommand } from '../turn.ts';
import { arch, plan, result } from './documents.ts';
import { goals } from './goals.ts';
import { implement } from './implement.ts';
import { next } from './next.ts';
import { runbook } from './runbook.ts';
import { why } from './why.ts';

/** Every slash command. Each is contributed in package.json under the same name, and has its like in the palette. */
export const CHAT_COMMANDS: Readonly<Record<string, ChatCommand>> = {
  plan,
  arch,
  result,
  goals,
  next,
  why,
  runbook,
  implement,
};
