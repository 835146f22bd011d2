import { askBlueprint } from './askBlueprint.ts';
import { conformance } from './conformance.ts';
import { createFile } from './createFile.ts';
import { deleteFile } from './deleteFile.ts';
import { editFile } from './editFile.ts';
import { flagConflict } from './flagConflict.ts';
import { listFiles } from './listFiles.ts';
import { readFile } from './readFile.ts';
import { requestVerification } from './requestVerification.ts';
import { runCheck } from './runCheck.ts';
import { search } from './search.ts';
import { offered, type Tool } from './tool.ts';
import { writeProse } from './writeProse.ts';

/** All that a model can do. There is no shell and no network among it. */
export const TOOLS: readonly Tool[] = [
  listFiles,
  readFile,
  search,
  askBlueprint,
  conformance,
  editFile,
  createFile,
  deleteFile,
  runCheck,
  writeProse,
  flagConflict,
  requestVerification,
] as readonly unknown[] as readonly Tool[];

export const OFFERED = TOOLS.map(offered);
