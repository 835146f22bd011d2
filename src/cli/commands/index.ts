import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addCheck } from './check.ts';
import { addConformance } from './conformance.ts';
import { addDoctor } from './doctor.ts';
import { addInit } from './init.ts';
import { addMcp } from './mcp.ts';
import { addReport } from './report.ts';
import { addTask } from './task.ts';
import { addTasks } from './tasks.ts';
import { addValidate } from './validate.ts';
import { addVerify } from './verify.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly ((program: Command, context: Context) => void)[] = [
  addInit,
  addDoctor,
  addValidate,
  addTasks,
  addTask,
  addCheck,
  addConformance,
  addVerify,
  addReport,
  addMcp,
];
