import { analyseProfile, type ProfileAnalysis, WARM_UP_MS } from './analysis.ts';
import type { AccountingGroup } from './linux/cgroup.ts';
import { type RecordEnd, type RecordRequest, recordProfile } from './recorder.ts';
import { readRecording } from './recording.ts';
import { createSampler } from './sampler.ts';

export interface ProfileRequest extends RecordRequest {
  /** A cgroup that was made for the process and counts its CPU; the caller removes it. */
  readonly group?: AccountingGroup;
  readonly warmUpMs?: number;
}

export interface ProfileResult {
  readonly end: RecordEnd;
  /** Undefined where fewer than two samples lie behind the warm-up. */
  readonly analysis: ProfileAnalysis | undefined;
}

/** Records the tree of a process to `file`, then analyses what is there. Throws as `recordProfile` and `readRecording`. */
export async function profileProcess(request: ProfileRequest): Promise<ProfileResult> {
  const sampler = createSampler(request.pid, request.group);
  try {
    const end = await recordProfile(sampler, request);
    return { end, analysis: analyseProfile(await readRecording(request.file), request.warmUpMs ?? WARM_UP_MS) };
  } finally {
    await sampler.dispose();
  }
}
